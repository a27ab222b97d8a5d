/** How lessons are ranked and handed over, as each project set it: each prompt of each agent may ask for it. */
import { DEFAULT_LEARNING, type LearningSettings } from "../../schema/wire/learning.ts";
import { remember, type Remembered } from "./remembered.ts";
import { readLearning } from "./settings.ts";

export type ReadLearning = Remembered<LearningSettings>;

export const createReadLearning = (): ReadLearning => remember("learning", DEFAULT_LEARNING, readLearning);
