// Sixteen functions with one number argument: enough to make code shared by all sites polymorphic, as in a real
// application.
interface Small {
  readonly id: number;
  readonly name: string;
}

const small = (id: number): Small => ({ id, name: `n${id}` });

/** @cache ttl=1h */
async function number0(id: number): Promise<Small> {
  return small(id);
}
/** @cache ttl=1h */
async function number1(id: number): Promise<Small> {
  return small(id);
}
/** @cache ttl=1h */
async function number2(id: number): Promise<Small> {
  return small(id);
}
/** @cache ttl=1h */
async function number3(id: number): Promise<Small> {
  return small(id);
}
/** @cache ttl=1h */
async function number4(id: number): Promise<Small> {
  return small(id);
}
/** @cache ttl=1h */
async function number5(id: number): Promise<Small> {
  return small(id);
}
/** @cache ttl=1h */
async function number6(id: number): Promise<Small> {
  return small(id);
}
/** @cache ttl=1h */
async function number7(id: number): Promise<Small> {
  return small(id);
}
/** @cache ttl=1h */
async function number8(id: number): Promise<Small> {
  return small(id);
}
/** @cache ttl=1h */
async function number9(id: number): Promise<Small> {
  return small(id);
}
/** @cache ttl=1h */
async function number10(id: number): Promise<Small> {
  return small(id);
}
/** @cache ttl=1h */
async function number11(id: number): Promise<Small> {
  return small(id);
}
/** @cache ttl=1h */
async function number12(id: number): Promise<Small> {
  return small(id);
}
/** @cache ttl=1h */
async function number13(id: number): Promise<Small> {
  return small(id);
}
/** @cache ttl=1h */
async function number14(id: number): Promise<Small> {
  return small(id);
}
/** @cache ttl=1h */
async function number15(id: number): Promise<Small> {
  return small(id);
}

export const numberSites = [
  number0,
  number1,
  number2,
  number3,
  number4,
  number5,
  number6,
  number7,
  number8,
  number9,
  number10,
  number11,
  number12,
  number13,
  number14,
  number15,
];
