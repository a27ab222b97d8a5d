/** Every rule, most telling first: where two find the same place, the earlier one names it. */
import type { Rule } from "./rule.ts";
import { ADDRESS_RULES } from "./rule/address.ts";
import { ASSIGNMENT_RULES } from "./rule/assignment.ts";
import { CLOUD_RULES } from "./rule/cloud.ts";
import { CODE_HOST_RULES } from "./rule/code-host.ts";
import { KEY_MATERIAL_RULES } from "./rule/key-material.ts";
import { MODEL_KEY_RULES } from "./rule/model-key.ts";
import { OWN_KEY_RULES } from "./rule/own-key.ts";
import { SERVICE_RULES } from "./rule/service.ts";

export const RULES: readonly Rule[] = [
  ...OWN_KEY_RULES,
  ...MODEL_KEY_RULES,
  ...CODE_HOST_RULES,
  ...CLOUD_RULES,
  ...SERVICE_RULES,
  ...KEY_MATERIAL_RULES,
  ...ADDRESS_RULES,
  ...ASSIGNMENT_RULES,
];
