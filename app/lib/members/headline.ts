/** Who sees the team's projects, in a sentence. */
import type { Member } from "../../../schema/wire/team.ts";
import { NumberWord, numberWord, type Clause } from "../headline/headline.ts";

export interface MemberNumbers {
  members: number;
  owners: number;
}

export const memberNumbers = (members: readonly Pick<Member, "role">[]): MemberNumbers => ({
  members: members.length,
  owners: members.filter(({ role }) => role === "owner").length,
});

export const MEMBER_TABLE: readonly Clause<MemberNumbers>[] = [
  [
    {
      when: ({ members }) => members === 1,
      say: () => [{ text: "You alone see the projects of this team. Invite somebody." }],
    },
    {
      when: () => true,
      say: ({ members, owners }) => [
        {
          text: `${NumberWord(members)} people see every project of this team; ${owners === 1 ? "one of them owns it" : `${numberWord(owners)} of them own it`}.`,
        },
      ],
    },
  ],
];
