// Types of injected dependencies: parameters that a function works with, and that do not decide its result. Data only.

/** `package#Type`, where `*` as package is the platform: the default library and Node's own types. */
export const injectedTypes: ReadonlySet<string> = new Set([
  ...['AbortSignal', 'AbortController', 'Console', 'DatabaseSync'].map((name) => `*#${name}`),
  ...each('cachekit', 'Logger'),
  ...each('pino', 'Logger BaseLogger'),
  ...each('winston', 'Logger'),
  ...each('bunyan', 'Logger'),
  ...each('log4js', 'Logger'),
  ...each('tslog', 'Logger'),
  ...each('loglevel', 'Logger RootLogger'),
  ...each('consola', 'ConsolaInstance'),
  ...each('@nestjs/common', 'Logger LoggerService'),
  ...each('fastify', 'FastifyBaseLogger'),
  ...each('@opentelemetry/api', 'Span Tracer Meter Context'),
  ...each('pg', 'Pool Client ClientBase PoolClient'),
  ...each('postgres', 'Sql'),
  ...each('mysql2', 'Pool Connection PoolConnection'),
  ...each('better-sqlite3', 'Database'),
  ...each('.prisma', 'PrismaClient'),
  ...each('@prisma/client', 'PrismaClient'),
  ...each('mongodb', 'MongoClient Db ClientSession'),
  ...each('mongoose', 'Mongoose Connection ClientSession'),
  ...each('ioredis', 'Redis Cluster'),
  ...each('redis', 'RedisClientType'),
  ...each('@redis/client', 'RedisClientType'),
  ...each('knex', 'Knex'),
  ...each('kysely', 'Kysely Transaction'),
  ...each('typeorm', 'DataSource EntityManager QueryRunner'),
  ...each('sequelize', 'Sequelize Transaction'),
  ...each('@mikro-orm/core', 'EntityManager'),
  ...each(
    'drizzle-orm',
    'PgDatabase NodePgDatabase PostgresJsDatabase MySql2Database BetterSQLite3Database LibSQLDatabase',
  ),
]);

/** The same without packages, for a quick check: the name alone rules out nearly every type. */
export const injectedNames: ReadonlySet<string> = new Set(
  [...injectedTypes].map((name) => name.slice(name.indexOf('#') + 1)),
);

function each(packageName: string, names: string): readonly string[] {
  return names.split(' ').map((name) => `${packageName}#${name}`);
}
