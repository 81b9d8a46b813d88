// Sixteen functions with one object argument of five fields, one of them an array of three.
export interface Query {
  tenant: string;
  userId: number;
  locale: string;
  page: number;
  filters: string[];
}

interface Found {
  readonly id: number;
}

/** @cache ttl=1h */
async function object0(query: Query): Promise<Found> {
  return { id: query.userId };
}
/** @cache ttl=1h */
async function object1(query: Query): Promise<Found> {
  return { id: query.userId };
}
/** @cache ttl=1h */
async function object2(query: Query): Promise<Found> {
  return { id: query.userId };
}
/** @cache ttl=1h */
async function object3(query: Query): Promise<Found> {
  return { id: query.userId };
}
/** @cache ttl=1h */
async function object4(query: Query): Promise<Found> {
  return { id: query.userId };
}
/** @cache ttl=1h */
async function object5(query: Query): Promise<Found> {
  return { id: query.userId };
}
/** @cache ttl=1h */
async function object6(query: Query): Promise<Found> {
  return { id: query.userId };
}
/** @cache ttl=1h */
async function object7(query: Query): Promise<Found> {
  return { id: query.userId };
}
/** @cache ttl=1h */
async function object8(query: Query): Promise<Found> {
  return { id: query.userId };
}
/** @cache ttl=1h */
async function object9(query: Query): Promise<Found> {
  return { id: query.userId };
}
/** @cache ttl=1h */
async function object10(query: Query): Promise<Found> {
  return { id: query.userId };
}
/** @cache ttl=1h */
async function object11(query: Query): Promise<Found> {
  return { id: query.userId };
}
/** @cache ttl=1h */
async function object12(query: Query): Promise<Found> {
  return { id: query.userId };
}
/** @cache ttl=1h */
async function object13(query: Query): Promise<Found> {
  return { id: query.userId };
}
/** @cache ttl=1h */
async function object14(query: Query): Promise<Found> {
  return { id: query.userId };
}
/** @cache ttl=1h */
async function object15(query: Query): Promise<Found> {
  return { id: query.userId };
}

export const objectSites = [
  object0,
  object1,
  object2,
  object3,
  object4,
  object5,
  object6,
  object7,
  object8,
  object9,
  object10,
  object11,
  object12,
  object13,
  object14,
  object15,
];
