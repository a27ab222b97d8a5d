/**
 * The grade of a finished feature, A to F, by one rule that shows its arithmetic:
 *
 *   quality 0.4   mean of the shares that are known: verdicts that approved at the first try, tasks whose last tests
 *                 passed, tasks whose lint passes, code that is covered, no bug within seven days of the merge
 *   speed   0.3   its time against what was foretold, else against like features before it
 *   cost    0.3   its cost, where that is not known its tokens, against the same
 *
 *   score = Σ weight · part ÷ Σ weight, of the parts that are known        A ≥ 90 > B ≥ 80 > C ≥ 70 > D ≥ 60 > F
 *
 * What is unknown is left out and named. Without quality there is no grade: fast and cheap says nothing about good.
 */
export const LETTERS = ["A", "B", "C", "D", "F"] as const;
export type Letter = (typeof LETTERS)[number];
/** The score from which a letter is given. */
export const LETTER_FROM: Readonly<Record<Letter, number>> = { A: 90, B: 80, C: 70, D: 60, F: 0 };

export const GRADE_PARTS = ["quality", "speed", "cost"] as const;
export type GradePartName = (typeof GRADE_PARTS)[number];
export const GRADE_WEIGHTS: Readonly<Record<GradePartName, number>> = { quality: 0.4, speed: 0.3, cost: 0.3 };

/** What took as long, or cost as much, as was expected: a B. */
const AS_EXPECTED = 85;
/** Points that each doubling costs, and each halving gives. */
const PER_DOUBLING = 35;

export interface GradePart {
  part: GradePartName;
  weight: number;
  /** 0 to 100; null: unknown. */
  score: number | null;
  /** What it comes from; of an unknown one, why. */
  words: string;
}

export interface Grade {
  letter: Letter | null;
  /** 0 to 100, to a tenth; null with the letter. */
  score: number | null;
  parts: GradePart[];
  /** The sum as it is made; without a grade, why there is none. */
  words: string;
}

/** One of the things that quality is the mean of. */
export interface QualityShare {
  label: string;
  /** 0 to 1. */
  share: number;
}

/** What it came to over what was expected, and of what; or why that is unknown. */
export type Against = { ratio: number; words: string } | { ratio: null; why: string };

export interface Gradable {
  /** Why there is nothing to grade, whatever is known; null: there is. */
  refused: string | null;
  quality: readonly QualityShare[];
  speed: Against;
  cost: Against;
}

const NO_QUALITY =
  "No review, test, lint run or coverage of it is known: fast and cheap alone says nothing about good.";

export function gradeOf({ refused, quality, speed, cost }: Gradable): Grade {
  const parts = [qualityPart(quality), againstPart("speed", speed), againstPart("cost", cost)];
  const none = refused ?? (quality.length === 0 ? NO_QUALITY : null);
  if (none !== null) return { letter: null, score: null, parts, words: none };
  const known = parts.flatMap(({ part, weight, score }) => (score === null ? [] : [{ part, weight, score }]));
  const weights = tenth(known.reduce((sum, { weight }) => sum + weight, 0));
  const sum = known.reduce((total, { weight, score }) => total + weight * score, 0);
  const score = tenth(sum / weights);
  const letter = letterOf(score);
  const terms = known.map(({ part, weight, score: of }) => `${weight} × ${part} ${of}`).join(" + ");
  const left_out = parts.filter((part) => part.score === null).map(({ part }) => part);
  return {
    ...{ letter, score, parts },
    words: `${known.length === 1 ? terms : `(${terms})`} ÷ ${weights} = ${score}. ${rangeWords(letter)}.${left_out.length === 0 ? "" : ` Unknown and left out: ${left_out.join(" and ")}.`}`,
  };
}

export function letterOf(score: number): Letter {
  return LETTERS.find((letter) => score >= LETTER_FROM[letter]) ?? "F";
}

/** Of what was foretold or is usual: 1 gives 85, half of it 100, twice as much 50. */
export function scoreOfRatio(ratio: number): number {
  return tenth(Math.min(100, Math.max(0, AS_EXPECTED - PER_DOUBLING * Math.log2(ratio))));
}

function qualityPart(quality: readonly QualityShare[]): GradePart {
  const weight = GRADE_WEIGHTS.quality;
  if (quality.length === 0) return { part: "quality", weight, score: null, words: NO_QUALITY };
  const mean = quality.reduce((sum, { share }) => sum + share, 0) / quality.length;
  const words = quality.map(({ label, share }) => `${label} ${tenth(share * 100)}`).join(", ");
  return { part: "quality", weight, score: tenth(mean * 100), words: `mean of: ${words}` };
}

function againstPart(part: "speed" | "cost", against: Against): GradePart {
  const weight = GRADE_WEIGHTS[part];
  if (against.ratio === null || !(against.ratio > 0) || !Number.isFinite(against.ratio))
    return { part, weight, score: null, words: against.ratio === null ? against.why : "It took nothing." };
  return { part, weight, score: scoreOfRatio(against.ratio), words: against.words };
}

function rangeWords(letter: Letter): string {
  const above = LETTERS[LETTERS.indexOf(letter) - 1];
  if (above === undefined) return `${letter} is ${LETTER_FROM[letter]} and more`;
  if (letter === "F") return `F is below ${LETTER_FROM[above]}`;
  return `${letter} is ${LETTER_FROM[letter]} to below ${LETTER_FROM[above]}`;
}

/** Shown and graded alike: what is shown as 90.0 is an A. */
const tenth = (value: number) => Math.round(value * 10) / 10;
