/** What the settings come to, in a sentence: who may send, who looks on from outside, and whether alerts reach anybody. */
import type { ChannelInfo } from "../../../schema/wire/channel.ts";
import { counted, NumberWord, type Clause, type Part } from "../headline/headline.ts";
import { healthOf } from "./channel.ts";

/** Null: this reader may not see them, or they could not be read. */
export interface SettingNumbers {
  /** Keys that work. */
  keys: number | null;
  /** Links that are open. */
  links: number | null;
  channels: readonly Pick<ChannelInfo, "name" | "deliveries">[] | null;
}

const isAre = (n: number) => (n === 1 ? "is" : "are");
const at = (text: string, href: string): Part => ({ text, href });
const failing = ({ channels }: SettingNumbers) =>
  (channels ?? []).filter((channel) => healthOf(channel) === "failing");

export const SETTING_TABLE: readonly Clause<SettingNumbers>[] = [
  [
    {
      when: (numbers) => failing(numbers).length > 0,
      say: (numbers) => {
        const [first, ...others] = failing(numbers);
        const whom = others.length === 0 ? (first?.name ?? "") : counted(others.length + 1, "channel");
        return [{ text: "Alerts do not reach " }, at(whom, "#channels"), { text: "." }];
      },
    },
  ],
  [
    {
      when: ({ keys }) => keys === 0,
      say: () => [
        { text: "Nothing can send events: " },
        at("no key works", "#keys"),
        { text: ". Make one for each sender, so that one can be revoked without stopping the others." },
      ],
    },
    {
      when: ({ keys }) => keys !== null,
      say: ({ keys }) => [
        at(`${NumberWord(keys ?? 0)} ${keys === 1 ? "key" : "keys"}`, "#keys"),
        { text: ` ${keys === 1 ? "works" : "work"}.` },
      ],
    },
    {
      when: () => true,
      say: () => [{ text: "What holds for this project, and what you may change of it." }],
    },
  ],
  [
    {
      when: ({ links }) => links !== null && links > 0,
      say: ({ links }) => [
        at(`${NumberWord(links ?? 0)} ${links === 1 ? "link" : "links"}`, "#share-links"),
        { text: ` ${isAre(links ?? 0)} open to people without an account.` },
      ],
    },
  ],
  [
    {
      when: ({ channels }) => channels?.length === 0,
      say: () => [at("Alerts", "#channels"), { text: " are shown here alone." }],
    },
  ],
];
