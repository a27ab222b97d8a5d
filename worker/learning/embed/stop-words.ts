/** Words that say nothing of what a text is about. They weigh nothing in a query and have no vector. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  `a about above after again all also am an and any are arent as at be because been before being below between both
  but by can cannot cant could couldnt did didnt do does doesnt doing dont down during each either else etc ever every
  few for from further get gets got had hadnt has hasnt have havent having he her here hers him his how however i if in
  into is isnt it its itself just let lets like may me might more most much must my myself neither no nor not now of off
  on once one only onto or other our ours out over own per rather same she should shouldnt since so some such than that
  thats the their theirs them then there theres therefore these they theyre this those though through thus to too
  under until up upon us use used uses using very via was wasnt we well were werent weve what whatever when whenever
  where wherever whether which while who whom whose why will with within without wont would wouldnt yet you youll your
  youre yours youve
  b c d e f g h j k l m n o p q r s t u v w x y z 0 1 2 3 4 5 6 7 8 9 eg ie vs`.split(/\s+/),
);
