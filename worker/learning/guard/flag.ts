/**
 * Patterns of prompt injection in the text of a lesson. A flag is no proof: it says that somebody has to look before
 * the lesson is given to any agent. What no pattern finds is still only quoted, never said (paste.ts).
 */

interface Rule {
  flag: string;
  pattern: RegExp;
}

/** Within one sentence. */
const NEAR = "[^.!?\\n]{0,60}";

const RULES: readonly Rule[] = [
  {
    flag: "overrides-instructions",
    pattern: new RegExp(
      `\\b(?:ignore|disregard|forget|override|overrule|discard|bypass|stop following)\\b${NEAR}\\b(?:previous|prior|above|earlier|preceding|existing|all|any|every|system|your|the user'?s)\\b${NEAR}\\b(?:instructions?|prompts?|rules?|guidelines?|orders|directives?|messages?|policy|policies|context)\\b`,
      "iu",
    ),
  },
  {
    flag: "overrides-instructions",
    pattern: new RegExp(
      `\\b(?:ignor(?:iere|ieren|ez|er|a|ad|are|e)|vergiss|oublie[zr]?|olvida|dimentica|missachte)\\b${NEAR}(?:anweisung|instruction|instruc|istruzion|instruç|regeln|règles|reglas|regole|prompt)`,
      "iu",
    ),
  },
  {
    flag: "overrides-instructions",
    pattern:
      /忽略.{0,20}(?:指示|指令|规则|提示)|無視.{0,12}|以前の指示|игнорируй.{0,40}инструкц|이전.{0,12}(?:지시|지침).{0,12}무시/iu,
  },
  {
    flag: "changes-role",
    pattern:
      /\b(?:you are (?:now|no longer|actually)|from now on,? you|act as (?:an?|the|if)|pretend (?:to be|that you|you)|your new (?:role|instructions?|task|goal|objective)|switch to (?:developer|admin|debug|dan|god) mode|jailbreak|do anything now)\b/iu,
  },
  {
    flag: "speaks-as-system",
    pattern:
      /<\/?\s*(?:system|assistant|user|human|instructions?|tool_result|function_calls?|important|admin)[^>]{0,80}>|\[\/?(?:INST|SYS|SYSTEM)\]|<\|[a-z_]{1,20}\|>|<<\/?SYS>>|(?:^|\n)\s*(?:#{1,4}\s*)?(?:system|assistant|developer|human)\s*(?:message|prompt|note)?\s*:|\b(?:system|developer) (?:prompt|message|override|notice)\b/iu,
  },
  {
    flag: "demands-secrecy",
    pattern: new RegExp(
      `\\b(?:do not|don'?t|never|without)\\b${NEAR}\\b(?:tell|telling|inform|informing|mention|mentioning|reveal|notify|notifying|alert|show|showing|asking)\\b${NEAR}\\b(?:user|human|operator|owner|person|people|anyone|anybody|developer|reviewer|team|maintainer)s?\\b`,
      "iu",
    ),
  },
  {
    flag: "sends-data-out",
    pattern: new RegExp(
      `\\b(?:send|post|upload|exfiltrate|leak|e-?mail|transmit|forward|paste|append|include|copy|print|echo|base64|share|report)\\b${NEAR}(?:\\b(?:tokens?|secrets?|passwords?|credentials?|api[ _-]?keys?|private keys?|environment variables?|env vars?|conversation|chat history|system prompt|source code)\\b|\\.env\\b|id_rsa|\\.ssh|\\.aws|/etc/passwd)`,
      "iu",
    ),
  },
  {
    flag: "sends-data-out",
    pattern: new RegExp(
      `\\b(?:send|post|upload|exfiltrate|leak|e-?mail|transmit|forward|fetch|download|visit|open|load|call|curl|wget|get)\\b${NEAR}(?:https?|ftp|wss?)://`,
      "iu",
    ),
  },
  {
    flag: "runs-commands",
    pattern:
      /(?:\b(?:curl|wget|iwr|fetch)\b[^\n|]{0,200}\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b)|\brm\s+-[a-z]*r[a-z]*f|\brm\s+-[a-z]*f[a-z]*r|\bchmod\s+(?:-R\s+)?(?:0?777|\+s)\b|\b(?:eval|exec|os\.system|subprocess\.\w+|child_process)\s*\(|\bbase64\s+(?:-d|-D|--decode)|\bpowershell\b[^\n]{0,40}\s-e|\/dev\/tcp\/|\bnc\s+-[a-z]*e|\bgit\s+push\s+(?:-f|--force)\b[^\n]{0,40}\b(?:main|master)\b|\bcrontab\b|\bsudo\s+\S/iu,
  },
  {
    flag: "weakens-safety",
    pattern: new RegExp(
      `\\b(?:disable|bypass|turn off|switch off|circumvent|remove|comment out|weaken|deactivate|whitelist|auto-?approve|always approve|approve everything|grant)\\b${NEAR}\\b(?:security|safety|safeguards?|guardrails?|permissions?|approvals?|sandbox(?:ing)?|firewall|authentication|authorization|csrf|tls|certificate|signature checks?|audit(?:ing)?|monitoring|access controls?|restrictions?|filters?|confirmations?|admin rights)\\b`,
      "iu",
    ),
  },
  {
    flag: "weakens-safety",
    pattern:
      /--dangerously-skip-permissions|--no-verify\b|--yolo\b|\bskip (?:the )?(?:permission|approval|confirmation)s?\b|\b(?:always|just) (?:answer|say|reply) yes\b/iu,
  },
  {
    flag: "calls-tools",
    pattern:
      /\b(?:call|invoke|use|run|execute)\b[^.!?\n]{0,30}\b(?:the )?(?:bash|shell|terminal|write|delete|send_?email|browser|webfetch|http) tool\b|"(?:tool_name|tool_calls|function_call)"\s*:/iu,
  },
  {
    flag: "embeds-link",
    pattern:
      /!\[[^\]]*\]\s*\(|<(?:img|script|iframe|object|embed|svg|link|meta|a)\b|javascript:|data:text\/html/iu,
  },
  {
    flag: "hides-text",
    pattern: /[A-Za-z0-9+/]{120,}={0,2}|(?:%[0-9a-f]{2}){24,}|(?:\\u[0-9a-f]{4}){12,}|<!--/iu,
  },
];

/** Characters that show nothing, turn the direction of writing, or carry text unseen. */
const UNSEEN = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;
const CONTROLS = /(?![\t\n\r])\p{Cc}/gu;

/** Letters that look like Latin ones, as used to slip words past a filter. */
const LOOKALIKES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{
      а: "a",
      е: "e",
      о: "o",
      р: "p",
      с: "c",
      у: "y",
      х: "x",
      і: "i",
      ѕ: "s",
      ј: "j",
      ԁ: "d",
      һ: "h",
      ո: "n",
    },
    ...{
      ο: "o",
      α: "a",
      ι: "i",
      ν: "v",
      ρ: "p",
      τ: "t",
      υ: "u",
      ε: "e",
      "0": "o",
      "1": "i",
      "3": "e",
      "4": "a",
    },
    ...{ "5": "s", "7": "t", "@": "a", $: "s" },
  }),
);

/** Which patterns the text shows, each once; none for almost every honest lesson. */
export function flagsOf(text: string): string[] {
  const flags = new Set<string>();
  if (text.search(UNSEEN) !== -1 || text.search(CONTROLS) !== -1) flags.add("hides-text");
  for (const reading of readingsOf(text))
    for (const { flag, pattern } of RULES) if (pattern.test(reading)) flags.add(flag);
  return [...flags];
}

/** The text as it stands, as it is meant to be read, and with look-alikes and spaced letters undone. */
function readingsOf(text: string): ReadonlySet<string> {
  const seen = text.replace(UNSEEN, "").replace(CONTROLS, " ").normalize("NFKC");
  const unspaced = seen.replace(/(?<![\p{L}\p{N}])(?:\p{L}[\s._\-*]){3,}\p{L}(?![\p{L}\p{N}])/gu, (spelled) =>
    spelled.replace(/[\s._\-*]/g, ""),
  );
  const likened = [...unspaced].map((letter) => LOOKALIKES.get(letter.toLowerCase()) ?? letter).join("");
  return new Set([seen, seen.replace(/\s+/g, " "), unspaced, likened.replace(/\s+/g, " ")]);
}
