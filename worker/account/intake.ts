/** How foreign data is read, as each project set it. */
import { DEFAULT_INTAKE, type IntakeSettings } from "../../schema/wire/intake.ts";
import { remember, type Remembered } from "./remembered.ts";
import { readIntake } from "./settings.ts";

export type ReadIntake = Remembered<IntakeSettings>;

export const createReadIntake = (): ReadIntake => remember("intake", DEFAULT_INTAKE, readIntake);
