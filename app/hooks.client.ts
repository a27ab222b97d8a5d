/**
 * Before any page is loaded: zod compiles no checks, and does not try whether it may. The pages' policy forbids programs
 * made of text (`script-src` without `unsafe-eval`), and the try alone would be told to every browser's console.
 */
import { config } from "zod/v4/core";

config({ jitless: true });
