/** As much of D1 as the archive uses, over the SQLite of a Durable Object: the same statements, without the way there. */
interface Statement {
  query: string;
  values: SqlStorageValue[];
}

export function d1Over(storage: DurableObjectStorage): D1Database {
  const rows = ({ query, values }: Statement) => storage.sql.exec(query, ...values).toArray();
  const prepared = (query: string, values: SqlStorageValue[]) => ({
    query,
    values,
    bind: (...bound: SqlStorageValue[]) => prepared(query, bound),
    all: async () => ({ results: rows({ query, values }) }),
    first: async () => rows({ query, values })[0] ?? null,
  });
  const database = {
    prepare: (query: string) => prepared(query, []),
    batch: async (statements: Statement[]) =>
      storage.transactionSync(() => statements.map((one) => ({ results: rows(one) }))),
  };
  return database as unknown as D1Database;
}
