/** Where code, packages and builds live. */
import { ALNUM, BASE64, DOT, HEX, TOKEN, WORD } from "../character.ts";
import { prefixed, type Rule } from "../rule.ts";

export const CODE_HOST_RULES: readonly Rule[] = [
  prefixed({
    name: "github",
    finds: "GitHub personal, OAuth, user-to-server, server and refresh tokens, the long signed form included",
    prefixes: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
    body: WORD,
    min: 30,
    tail: TOKEN | DOT,
  }),
  prefixed({
    name: "github",
    finds: "GitHub fine-grained tokens",
    prefixes: ["github_pat_"],
    body: WORD,
    min: 36,
  }),
  prefixed({
    name: "gitlab",
    finds:
      "GitLab tokens: personal, deploy, runner, job, trigger, feed, mail, agent, OAuth, SCIM, feature flags",
    prefixes: [
      "glpat-",
      "gldt-",
      "glrt-",
      "glrtr-",
      "glcbt-",
      "glptt-",
      "glft-",
      "glimt-",
      "glagent-",
      "gloas-",
      "glsoat-",
      "glffct-",
      "GR1348941",
    ],
    body: TOKEN,
    min: 20,
    tail: TOKEN | DOT,
  }),
  prefixed({
    name: "bitbucket",
    finds: "Bitbucket app passwords",
    prefixes: ["ATBB"],
    body: ALNUM,
    min: 28,
    whole: true,
  }),
  prefixed({
    name: "atlassian",
    finds: "Atlassian API and access tokens",
    prefixes: ["ATATT3", "ATCTT3"],
    body: TOKEN | BASE64,
    min: 60,
  }),
  prefixed({ name: "npm", finds: "npm access tokens", prefixes: ["npm_"], body: ALNUM, min: 36 }),
  prefixed({ name: "pypi", finds: "PyPI upload tokens", prefixes: ["pypi-AgE"], body: TOKEN, min: 40 }),
  prefixed({ name: "rubygems", finds: "RubyGems keys", prefixes: ["rubygems_"], body: HEX, min: 48 }),
  prefixed({
    name: "crates-io",
    finds: "crates.io tokens",
    prefixes: ["cio"],
    body: ALNUM,
    min: 32,
    whole: true,
    mixed: true,
  }),
  prefixed({ name: "nuget", finds: "NuGet keys", prefixes: ["oy2"], body: ALNUM, min: 43, whole: true }),
  prefixed({
    name: "docker",
    finds: "Docker personal and organisation access tokens",
    prefixes: ["dckr_pat_", "dckr_oat_"],
    body: TOKEN,
    min: 20,
  }),
  prefixed({ name: "artifactory", finds: "Artifactory API keys", prefixes: ["AKCp"], body: ALNUM, min: 60 }),
  prefixed({
    name: "artifactory",
    finds: "Artifactory reference tokens",
    prefixes: ["cmVmdGtu"],
    body: ALNUM,
    min: 56,
  }),
  prefixed({ name: "buildkite", finds: "Buildkite tokens", prefixes: ["bkua_"], body: ALNUM, min: 40 }),
  prefixed({
    name: "circleci",
    finds: "CircleCI tokens",
    prefixes: ["CCIPAT_", "CCIPRJ_"],
    body: WORD,
    min: 40,
  }),
  prefixed({
    name: "sonarqube",
    finds: "SonarQube tokens",
    prefixes: ["sqp_", "squ_", "sqa_"],
    body: HEX,
    min: 40,
  }),
  prefixed({ name: "pulumi", finds: "Pulumi tokens", prefixes: ["pul-"], body: HEX, min: 40 }),
  prefixed({
    name: "snyk",
    finds: "Snyk tokens",
    prefixes: ["snyk_uat.", "snyk_sat."],
    body: TOKEN | DOT,
    min: 24,
  }),
  prefixed({ name: "postman", finds: "Postman keys", prefixes: ["PMAK-"], body: TOKEN, min: 50 }),
  {
    name: "terraform",
    finds: "Terraform Cloud tokens: 14 characters, `.atlasv1.`, 60 or more",
    anchors: [".atlasv1."],
    match(reader, at, after) {
      const start = reader.runStart(ALNUM, at, 20);
      const end = reader.runEnd(TOKEN, after);
      return at - start >= 10 && end - after >= 40 ? { start, end } : undefined;
    },
  },
];
