import type { LocalizedText } from '../../types.ts';

/** A shelf of the gift shop and the words that put a product on it. */
export interface ShelfRule {
  readonly key: string;
  readonly name: LocalizedText;
  /** Name of an icon of fluent-emoji-flat. */
  readonly art: string;
  /** Whole words of the product's name, in capitals. */
  readonly words: ReadonlySet<string>;
}

const rule = (key: string, en: string, zh: string, art: string, words: string): ShelfRule => ({
  key,
  name: { en, zh },
  art,
  words: new Set(words.split(' ')),
});

/**
 * The data names no categories, so words of the product's name choose: the first rule with a word in the name
 * wins. Seasons and uses come before materials and motifs ("paper lantern" is a light, not paper).
 */
const RULES: readonly ShelfRule[] = [
  rule(
    'christmas',
    'Christmas',
    '圣诞',
    'christmas-tree',
    'CHRISTMAS XMAS ADVENT REINDEER SANTA SNOWFLAKE SNOWMAN BAUBLE NOEL',
  ),
  rule(
    'garden',
    'Garden & Easter',
    '花园与复活节',
    'seedling',
    'EASTER GARDEN PLANT PLANTER BIRD BIRDHOUSE WATERING SEED PARASOL GNOME HERB HERBS LILY PICNIC HAMMOCK',
  ),
  rule(
    'bags',
    'Bags & purses',
    '包袋',
    'handbag',
    'BAG BAGS WASHBAG SHOPPER PURSE SUITCASE RUCKSACK HANDBAG TOTE WALLET PASSPORT LUGGAGE',
  ),
  rule(
    'jewellery',
    'Jewellery & hair',
    '首饰发饰',
    'ring',
    'NECKLACE BRACELET EARRINGS EARRING RING RINGS BROOCH BEAD BEADS CHARM CHARMS BLING BANGLE HAIR PENDANT HAIRBAND HAIRCLIP DIAMANTE KEY-RING KEYRING JEWELLERY TIARAS',
  ),
  rule(
    'lights',
    'Candles & lights',
    '烛台与灯饰',
    'candle',
    'CANDLE CANDLES CANDLEPOT T-LIGHT T-LIGHTS TEALIGHT LANTERN LIGHT LIGHTS LAMP LAMPSHADE INCENSE NIGHT CANDLEHOLDER CANDLESTICK CHANDELIER TORCH MATCHES',
  ),
  rule(
    'baking',
    'Baking & pantry',
    '烘焙',
    'birthday-cake',
    'CAKE BAKING CAKESTAND CUPCAKE JAM JELLY RECIPE COOKIE BISCUIT CUTTER CUTTERS PANTRY FLAN',
  ),
  rule(
    'kitchen',
    'Kitchen & table',
    '厨房餐桌',
    'fork-and-knife-with-plate',
    'MUG CUP CUPS BEAKER BEAKERS BOWL PLATE PLATES PLATTER TEA TEAPOT COFFEE KITCHEN JUG CUTLERY SPOON SPOONS FORK TRAY TEATOWEL TOWEL TOWELS APRON LUNCH BOTTLE JAR DISH COASTER COASTERS GLASS GLASSES SAUCER TIN TINS POT EGG DINNER NAPKIN NAPKINS CHOPPING BREAD BUTTER MILK PLACEMAT PLACEMATS TABLECLOTH OVEN PAN SCALES ENAMEL TUMBLER GOBLET WARMER THERMOS FOOD CHOPSTICKS TOASTRACK',
  ),
  rule(
    'stationery',
    'Paper & gift wrap',
    '文具与包装',
    'wrapped-gift',
    'CARD CARDS POSTCARD NOTEBOOK NOTEBOOKS PENCIL PENCILS PEN PENS LETTER STATIONERY WRAP STICKER STICKERS TAPE TAPES RUBBER ERASERS ERASER BOOK PAPER DIARY STAMP CHALK CHALKBOARD CLIP CLIPS NOTE MEMO MEMOBOARD JOURNAL ENVELOPE TAGS CALENDAR BLACKBOARD RULER SHARPENER TISSUES RIBBON RIBBONS GIFT SKETCHBOOK CRAYONS SCISSOR',
  ),
  rule(
    'toys',
    'Toys & crafts',
    '玩具手工',
    'teddy-bear',
    'TOY GAME DOLL DOLLY JIGSAW PUZZLE PUPPET CHILDRENS CHILDS CHILD KIDS GIRL BOY BABY SKITTLES PLAYING PLAYHOUSE SOLDIER MAGIC CIRCUS RABBIT BUNNY FELTCRAFT DOMINO LUDO SPINNING DINOSAUR KNITTING CRAFT TEDDY BABUSHKA ROBOT BALLOON BALLOONS KIT BINGO HELICOPTER GLIDERS SPACEBOY',
  ),
  rule(
    'party',
    'Party',
    '派对',
    'party-popper',
    'PARTY BIRTHDAY BUNTING GARLAND STRAW STRAWS PINATA CONFETTI STREAMERS COCKTAIL PENNANT',
  ),
  rule(
    'textiles',
    'Bath & textiles',
    '卫浴与织物',
    'bathtub',
    'CUSHION BLANKET QUILT DOORMAT RUG CURTAIN BATH SOAP FLANNEL SLIPPER SLIPPERS SHOWER BATHROOM HOT HOTTIE WATER THROW TISSUE COSY DOOR DOORSTOP HEADBAND UMBRELLA SCARF SOCKS HAT GLOVES TOILET COVER PONCHO FLIP GLOVE FABRIC',
  ),
  rule(
    'decoration',
    'Decoration',
    '装饰',
    'framed-picture',
    'DECORATION HEART HEARTS SIGN DOORSIGN FRAME PHOTOFRAME CLOCK MIRROR WREATH PICTURE ORNAMENT PHOTO WALL ART ARTIFICIAL BUTTERFLY MOBILE HANGING STAR BLOCK ROSE FLOWER FLOWERS VASE CHIME TREE LETTERS MAGNET MAGNETS BELL ANGEL FAIRY FEATHER FEATHERS FIGURE FIGURINE BUDDHA SKULL SKULLS DOILY TILE WICKER WORD FOLKART DUCKS',
  ),
  rule(
    'storage',
    'Storage & hooks',
    '收纳挂钩',
    'basket',
    'BOX BOXES HOOK HOOKS HANGER HANGERS CABINET DRAWER DRAWERKNOB BASKET STORAGE KNOB RACK SHELF HOLDER STAND CRATE CRATES TRINKET BUCKET CHEST BIN KEY STOOL TABLE CHAIR TIDY CAN CASE CASES ORGANISER CONTAINER',
  ),
];

/** For names without any of the words. */
const OTHER: ShelfRule = rule('other', 'Other finds', '其他', 'package', '');

/** All shelves in the order in which the shop shows them. */
export const SHELF_RULES: readonly ShelfRule[] = [...RULES, OTHER];

/** The shelf that a product's name belongs on. */
export function shelfOf(name: string): ShelfRule {
  const words = name.toUpperCase().match(/[A-Z][A-Z-]*/gu) ?? [];
  return RULES.find((candidate) => words.some((word) => candidate.words.has(word))) ?? OTHER;
}
