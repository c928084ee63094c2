// What a builder of programs writes with the generated types: compiled with `tsc --strict`, never run.
// Each @ts-expect-error is a mistake that the compiler must find: without one, the types would be `any`.
import type { components, paths } from "./api";
import { reports } from "./examples";

type Report = components["schemas"]["NewReport"];
type Problem = components["schemas"]["Problem"];
type Filed = paths["/reports"]["post"]["responses"]["201"]["content"]["application/json"];

export function whatWasTaken(report: Report): string {
  switch (report.kind) {
    case "bicycle-theft":
      return report.answers.bicycleKind;
    case "graffiti":
      return report.answers.graffitiTag ?? "";
    default:
      return report.answers.story;
  }
}

export const told: string[] = reports.map(whatWasTaken);

export async function file(server: string, token: string, report: Report): Promise<Filed | Problem> {
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const answer = await fetch(`${server}/reports`, { method: "POST", headers, body: JSON.stringify(report) });
  return answer.status === 201 ? ((await answer.json()) as Filed) : ((await answer.json()) as Problem);
}

export function firstMistake(problem: Problem): string {
  return problem.errors?.[0]?.field ?? problem.detail;
}

export const change: components["schemas"]["StatusChange"] = { status: "checked", version: 1 };
export const addition: components["schemas"]["NewAddition"] = { sort: "found", answers: { goods: ["1"], foundOn: "2016-07-09" } };

// @ts-expect-error a status that there is not
export const sacked: components["schemas"]["StatusChange"] = { status: "sacked", version: 1 };

// @ts-expect-error a kind that there is not
export const unknown: Report = { ...(reports[0] as Report), kind: "house-theft" };

// @ts-expect-error the answers of another kind
export const mixed: Report = { kind: "graffiti", truth: true, answers: {} as components["schemas"]["PhishingAnswers"] };

// @ts-expect-error a report that is not confirmed
export const unconfirmed: Report = { kind: "graffiti", answers: {} as components["schemas"]["GraffitiAnswers"] };
