import { FLAGS } from './event-table.ts';

/** Stock codes of Online Retail for fees and postage: they pass the usual cleaning but are no products. */
const ONLINE_RETAIL_SERVICES: ReadonlySet<string> = new Set([
  'POST',
  'DOT',
  'C2',
  'M',
  'D',
  'S',
  'BANK CHARGES',
]);
/** Names and codes of lines that are charges, in any shop. Whole names only: "Gift card holder" is a product. */
const SERVICE =
  /^(?:shipping|postage|delivery|handling|gift ?card|gift ?wrap(?:ping)?|tip|donation|deposit|discount|voucher|coupon|service|bank|运费|邮费|补差价|versand(?:kosten)?|porto|frais de port|gastos de env[ií]o)(?: (?:fees?|costs?|charges?))?$/iu;
const CANCELLED =
  /^(?:cancell?ed|void(?:ed)?|failed|expired|trash|declined|rejected|closed-?refund|取消|已取消|交易关闭)$/iu;
const RETURNED = /^(?:refunded|returned|chargeback|退货|已退款|退款)$/iu;
const TEST_EMAIL = /^(?:test|testing|tester|dummy)[\d._+-]*@|\+test@|@(?:test|example)\.(?:com|org|net)$/iu;

/** What order rules look at; empty where the table has no such column. */
export interface OrderLine {
  readonly item: string;
  readonly title: string;
  readonly order: string;
  readonly status: string;
  readonly email: string;
  /** NaN where there is none. */
  readonly quantity: number;
  readonly price: number;
}

/** Flags of an order line that is no purchase of a product. */
export function orderFlags(line: OrderLine, isOnlineRetail: boolean): number {
  let flags = headFlags(line.status, line.email);
  // Online Retail marks cancellations by the invoice number
  if (isOnlineRetail && line.order.startsWith('C')) flags |= FLAGS.cancelled;
  if (line.quantity < 0) flags |= FLAGS.returned;
  if (line.quantity === 0 || line.price < 0 || (isOnlineRetail && line.price === 0))
    flags |= FLAGS.impossible;
  const isService = isOnlineRetail
    ? ONLINE_RETAIL_SERVICES.has(line.item)
    : SERVICE.test(line.title) || SERVICE.test(line.item);
  return isService ? flags | FLAGS.nonProduct : flags;
}

/** Flags of a whole order, by its head. */
export function headFlags(status: string, email: string): number {
  let flags = 0;
  if (CANCELLED.test(status)) flags |= FLAGS.cancelled;
  if (RETURNED.test(status)) flags |= FLAGS.returned;
  if (/^test$/iu.test(status) || TEST_EMAIL.test(email)) flags |= FLAGS.testOrder;
  return flags;
}

/** A mark that is the same for two lines of an order only where order and quantity are (FNV-1a, 32 bits); never 0 or all ones. */
export function orderMark(order: string, quantity: number): number {
  let hash = 0x811c9dc5;
  const text = `${order}\n${quantity}`;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 1) + 1;
}
