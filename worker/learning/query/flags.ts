/** Patterns of prompt injection in what somebody is about to teach, for the routes. The book looks at its name and its author too. */
import { flagsOf } from "../guard/flag.ts";

interface Words {
  headline: string;
  explanation?: string | undefined;
  context?: string | undefined;
  tags?: readonly string[] | undefined;
}

export const flagsOfLesson = ({ headline, explanation, context, tags = [] }: Words): string[] =>
  flagsOf([headline, explanation, context, ...tags].join("\n"));
