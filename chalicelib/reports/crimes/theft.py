"""Theft: bicycle, moped, electronics, from a car, wallet and bag, other goods, from a shop."""

from chalicelib.core.language import N_
from chalicelib.forms.questions import Choice, Input, Need, Question, Section

GOODS = Question(
    "goods",
    N_("What was stolen?"),
    Input.ROWS,
    Need.REQUIRED,
    hint=N_("Fill in each thing apart."),
    most=50,
    row=N_("Thing"),
    rows=(
        Question("what", N_("What is it?"), need=Need.REQUIRED, example="Telefoon"),
        Question("brand", N_("Brand"), example="Fairphone"),
        Question("type", N_("Type or model"), example="2"),
        Question("colour", N_("Colour"), example="blauw"),
        Question("serialNumber", N_("Serial number"), Input.MARK, clue="serial", example="FP2-00123"),
        Question("engraving", N_("Engraving or other mark"), example="S.v.d.B."),
        Question("value", N_("Value in euros"), Input.MONEY, example=525),
        Question("boughtOn", N_("Bought on"), Input.DATE, example="2015-12-05"),
    ),
    example=[{"what": "Telefoon", "brand": "Fairphone", "value": 525}],
)
_GOODS = Section("goods", N_("What was stolen"), (GOODS,))

_BICYCLE = Section(
    "bicycle",
    N_("The bicycle"),
    (
        Question(
            "bicycleKind",
            N_("What kind of bicycle is it?"),
            Input.CHOICE,
            Need.REQUIRED,
            choices=(
                Choice("ordinary", N_("Ordinary bicycle")),
                Choice("electric", N_("Electric bicycle")),
                Choice("cargo", N_("Cargo bicycle")),
                Choice("racing", N_("Racing bicycle or mountain bike")),
                Choice("other", N_("Other kind")),
            ),
            example="ordinary",
        ),
        Question("brand", N_("Brand"), need=Need.REQUIRED, example="Gazelle"),
        Question("model", N_("Type or model"), need=Need.RECOMMENDED, example="Tour Populair"),
        Question("colour", N_("Colour"), need=Need.REQUIRED, example="zwart"),
    ),
)
_BICYCLE_MARKS = Section(
    "marks",
    N_("How we can recognise the bicycle"),
    (
        Question(
            "frameNumber",
            N_("Frame number"),
            Input.MARK,
            Need.RECOMMENDED,
            hint=N_("You find it on the frame or on the receipt. With it we can recognise your bicycle."),
            most=40,
            clue="frame",
            example="GZ1234567",
        ),
        Question("engravedPostcode", N_("Engraved postcode"), Input.MARK, most=20, example="1012AB"),
        Question("chip", N_("Is there a chip in the bicycle?"), Input.YES_NO, example=False),
        Question(
            "batteryNumber",
            N_("Battery number"),
            Input.MARK,
            most=40,
            when=("bicycleKind", frozenset({"electric", "cargo"})),
            clue="serial",
            example="PP-8812",
        ),
        Question(
            "tracker",
            N_("Is there a tracker in the bicycle?"),
            Input.YES_NO,
            when=("bicycleKind", frozenset({"electric", "cargo"})),
            example=True,
        ),
    ),
)
_BICYCLE_LOCK = Section(
    "lock",
    N_("The lock and the value"),
    (
        Question("locked", N_("Was the bicycle locked?"), Input.YES_NO, Need.REQUIRED, example=True),
        Question("keysPresent", N_("Do you still have all the keys?"), Input.YES_NO, Need.RECOMMENDED, example=True),
        Question("value", N_("What was the bicycle worth, in euros?"), Input.MONEY, Need.RECOMMENDED, example=649.5),
    ),
)
_MOPED = Section(
    "moped",
    N_("The moped"),
    (
        Question("plate", N_("Licence plate"), Input.PLATE, Need.REQUIRED, most=12, clue="plate", example="D-123-BC"),
        Question("brand", N_("Brand"), need=Need.REQUIRED, example="Piaggio"),
        Question("model", N_("Type or model"), example="Zip"),
        Question("colour", N_("Colour"), need=Need.REQUIRED, example="wit"),
        Question(
            "frameNumber",
            N_("Frame number"),
            Input.MARK,
            Need.RECOMMENDED,
            most=40,
            clue="frame",
            example="ZAPC2500000123456",
        ),
        Question("locked", N_("Was the moped locked?"), Input.YES_NO, Need.REQUIRED, example=True),
        Question("keysPresent", N_("Do you still have all the keys?"), Input.YES_NO, Need.RECOMMENDED, example=True),
    ),
)
_ELECTRONICS = Section(
    "device",
    N_("The device"),
    (
        Question("brand", N_("Brand"), need=Need.REQUIRED, example="Fairphone"),
        Question("model", N_("Type or model"), need=Need.REQUIRED, example="2"),
        Question("colour", N_("Colour"), example="blauw"),
    ),
)
_ELECTRONICS_MARKS = Section(
    "marks",
    N_("How we can recognise the device"),
    (
        Question(
            "imei",
            N_("IMEI number"),
            Input.IMEI,
            Need.RECOMMENDED,
            hint=N_("15 digits, on the box or the receipt"),
            clue="imei",
            example="490154203237518",
        ),
        Question("serialNumber", N_("Serial number"), Input.MARK, clue="serial", example="FP2-00123"),
        Question("phoneNumber", N_("Telephone number of the device"), Input.PHONE, stranger=True, example="06 87654321"),
        Question("blocked", N_("Has the device been blocked?"), Input.YES_NO, Need.RECOMMENDED, example=True),
        Question("value", N_("What was the device worth, in euros?"), Input.MONEY, Need.RECOMMENDED, example=525),
    ),
)
_CAR = Section(
    "car",
    N_("The car"),
    (
        Question("plate", N_("Licence plate"), Input.PLATE, Need.REQUIRED, most=12, clue="plate", example="12-ABC-3"),
        Question("windowBroken", N_("Was a window broken?"), Input.YES_NO, Need.REQUIRED, example=True),
        Question("locked", N_("Was the car locked?"), Input.YES_NO, Need.RECOMMENDED, example=True),
    ),
)
_SHOP = Section(
    "shop",
    N_("The shop"),
    (
        Question("shopName", N_("Name of the shop"), need=Need.REQUIRED, example="Fietsenmakerij De Ketting"),
        Question(
            "shopBranchNumber",
            N_("Chamber of Commerce branch number"),
            Input.BRANCH_NUMBER,
            hint=N_("12 digits"),
            most=12,
            example="000012345678",
        ),
    ),
)

KINDS = {
    "bicycle-theft": (N_("Theft of a bicycle or e-bike"), (_BICYCLE, _BICYCLE_MARKS, _BICYCLE_LOCK)),
    "moped-theft": (N_("Theft of a moped or scooter"), (_MOPED,)),
    "electronics-theft": (N_("Theft of a phone or other electronics"), (_ELECTRONICS, _ELECTRONICS_MARKS)),
    "theft-from-car": (N_("Theft from a car"), (_CAR, _GOODS)),
    "pickpocketing": (N_("Theft of a wallet or bag, pickpocketing"), (_GOODS,)),
    "other-theft": (N_("Theft of something else"), (_GOODS,)),
    "shop-theft": (N_("Theft from my shop"), (_SHOP, _GOODS)),
}
