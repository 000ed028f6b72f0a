"""The words the retailer's data is made of: an outfitter for outdoors and home with two locations."""

RETAILER = "Alder & Quay Outfitters"
SHOPS = ("Alder & Quay - Old Town", "Alder & Quay - Harbour Store")

BRANDS = (
    "Northlight",
    "Käfer & Söhne",
    "Þórsmörk Wool",
    "Ōkami Trail",
    "Brindle + Oak",
    "Salt/Stone",
    "Ferrow",
    "Łąka Home",
    "Tidewater 1/2",
    "Greyhen",
    "Pine & Pewter",
    "Ember Kitchen",
)

# name, parent (its place in this list, counted from 1; 0 is the root)
CATEGORIES = (
    ("Outdoor", 0),
    ("Camping", 1),
    ("Tents/Tarps", 2),
    ("Sleeping Bags", 2),
    ("Cooking", 2),
    ("Clothing", 1),
    ("Jackets", 6),
    ("Hats/Gloves", 6),
    ("Footwear", 1),
    ("Packs & Bags", 1),
    ("Knives & Tools", 1),
    ("Home", 0),
    ("Kitchen", 12),
    ("Textiles", 12),
    ("Candles + Light", 12),
    ("Garden", 12),
    ("Gifts", 0),
    ("Services", 0),
    ("Outlet 50%", 0),
    ("Café Corner", 17),
)

TAGS = ("webstore", "clearance", "new season", "café")
WEBSTORE_TAG = 1

QUALITIES = ("Alpine", "Coastal", "Everyday", "Field", "Harbour", "Heritage", "Meadow", "Ridge", "Summit", "Woodland")
THINGS = (
    "Lantern",
    "Enamel Mug",
    "Wool Blanket",
    "Dry Bag",
    "Camp Stove",
    "Cast Iron Pan",
    "Beeswax Candle",
    "Folding Chair",
    "Water Bottle",
    "Pocket Knife",
    "Seed Tin",
    "Picnic Basket",
    "Trail Map",
    "Hand Axe",
    "Linen Towel",
    "Tea Kettle",
)
WEARABLES = (
    "Rain Jacket",
    "Merino Shirt",
    "Trail Trousers",
    "Felt Slippers",
    "Wool Socks",
    "Day Pack",
    "Sun Hat",
    "Apron",
)
SERVICES = ("Gift Wrapping", "Ski Waxing", "Knife Sharpening", "Tent Repair")

COLORS = ("Black", "Moss", "Rust", "Navy", "Écru", "Slate/Blue")
SIZES = ("S", "M", "L", "XL", "XXL", "One Size")
LENGTHS = ("Short", "Regular", "Long")
VOLUMES = ("18 l", "24 l", "32 l", "45 l", "60 l")

ODD_NAMES = (
    "Caf\u0065\u0301 Press, d\u0065\u0301tach\u0065\u0301e",  # letters with separate accents
    "\u05de\u05e0\u05d5\u05e8\u05d4 Lamp",  # right to left
    "\u8336\u7897 Tea Bowl \u2116 7",
    "Zero\u200bWidth\u00a0Space Hook",
    "\u1e9eteel & \u00c5ngstr\u00f6m Ruler \u00bd\u2033",
)
EMOJI_NAMES = ("Campfire Mug 🔥", "Family Tent 👨‍👩‍👧‍👦", "Rainbow Kite 🏳️‍🌈", "Thumbs-up Hook 👍🏽", "Owl Whistle 🦉")
