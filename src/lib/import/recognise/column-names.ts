import type { Role } from '../types.ts';

/**
 * By what names columns go, in lower case without anything but letters and digits; the earlier in a list, the surer.
 * From the headers of the public sets, the exports of shops, and the words for them in Chinese, German, French and Spanish.
 */
export const COLUMN_NAMES: Readonly<Record<Role, readonly string[]>> = {
  user: words(
    'userid user uid customerid customer customeruserid customeremail shopperid visitorid reviewerid reviewer memberid clientid accountid sessionid buyerid buyer member username billingemail emailbilling 用户 用户id 顾客 会员 买家 kunde kundennummer client cliente usuario utilisateur',
  ),
  item: words(
    'itemid item iid productid product sku itemsku lineitemsku stockcode asin parentasin movieid movie bookid book businessid placeid clothingid articleid article variantsku productsku isbn gameid songid trackid artistid recipeid hotelid id 商品 商品id 产品 货号 artikel artikelnummer produit producto articulo',
  ),
  rating: words(
    'rating stars score overall overallrating ratingvalue value grade label 评分 星级 bewertung note puntuacion calificacion',
  ),
  time: words(
    'timestamp time date datetime createdat orderdate orderdatetime invoicedate purchasedate eventtime unixreviewtime reviewtime reviewdate paidat at datecreated 时间 日期 下单时间 datum fecha',
  ),
  kind: words('event eventtype kind action behavior behaviour behaviortype type 行为'),
  quantity: words(
    'quantity qty qtyordered itemquantity lineitemquantity amount count 数量 menge quantite cantidad anzahl',
  ),
  price: words(
    'price unitprice itemprice itemcost lineitemprice variantprice regularprice saleprice baseprice priceeach 价格 单价 preis prix precio',
  ),
  order: words(
    'orderid order ordernumber invoiceno invoice invoicenumber incrementid transactionid orderno basketid 订单 订单号 bestellnummer commande pedido',
  ),
  status: words('status orderstatus financialstatus state orderstate 订单状态'),
  email: words('email customeremail billingemail emailbilling buyeremail'),
  review: words('reviewtext review text comment body content reviewbody 评论 评价 kommentar'),
  summary: words('summary reviewtitle headline'),
  title: words(
    'title name productname itemname lineitemname movietitle booktitle description itemtitle 名称 标题 品名 商品名称 titel bezeichnung nombre titre',
  ),
  category: words(
    'category categories genres genre productcategory producttype type maincategory classname departmentname department cuisine rcuisine cat 分类 类别 类目 kategorie categorie categoria',
  ),
  brand: words('brand vendor manufacturer authors author artist publisher 品牌 marke'),
  description: words('description shortdescription bodyhtml longdescription summary 描述 beschreibung'),
  alias: words('variantsku'),
  parent: words('parent parentid parentsku'),
  year: words('year releaseyear originalpublicationyear publicationyear releasedate 年份'),
};

const KNOWN: ReadonlySet<string> = new Set(Object.values(COLUMN_NAMES).flat());

/** A column's name as the lists above hold it. */
export function plainName(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}

export function isKnownColumn(name: string): boolean {
  return KNOWN.has(plainName(name));
}

function words(list: string): readonly string[] {
  return list.split(' ');
}
