"""Theft: bicycle, moped, electronics, from a car, wallet and bag, other goods, from a shop."""

from chalicelib.core.language import mark
from chalicelib.forms.questions import Choice, Input, Need, Question, Section

GOODS = Question(
    "goods",
    mark("What was stolen?"),
    Input.ROWS,
    Need.REQUIRED,
    hint=mark("Fill in each thing apart."),
    most=50,
    row=mark("Thing"),
    rows=(
        Question("what", mark("What is it?"), need=Need.REQUIRED, example="Telefoon"),
        Question("brand", mark("Brand"), example="Fairphone"),
        Question("type", mark("Type or model"), example="2"),
        Question("colour", mark("Colour"), example="blauw"),
        Question("serialNumber", mark("Serial number"), example="FP2-00123"),
        Question("engraving", mark("Engraving or other mark"), example="S.v.d.B."),
        Question("value", mark("Value in euros"), Input.MONEY, example=525),
        Question("boughtOn", mark("Bought on"), Input.DATE, example="2015-12-05"),
    ),
    example=[{"what": "Telefoon", "brand": "Fairphone", "value": 525}],
)
_GOODS = Section("goods", mark("What was stolen"), (GOODS,))

_BICYCLE = Section(
    "bicycle",
    mark("The bicycle"),
    (
        Question(
            "bicycleKind",
            mark("What kind of bicycle is it?"),
            Input.CHOICE,
            Need.REQUIRED,
            choices=(
                Choice("ordinary", mark("Ordinary bicycle")),
                Choice("electric", mark("Electric bicycle")),
                Choice("cargo", mark("Cargo bicycle")),
                Choice("racing", mark("Racing bicycle or mountain bike")),
                Choice("other", mark("Other kind")),
            ),
            example="ordinary",
        ),
        Question("brand", mark("Brand"), need=Need.REQUIRED, example="Gazelle"),
        Question("model", mark("Type or model"), need=Need.RECOMMENDED, example="Tour Populair"),
        Question("colour", mark("Colour"), need=Need.REQUIRED, example="zwart"),
    ),
)
_BICYCLE_MARKS = Section(
    "marks",
    mark("How we can recognise the bicycle"),
    (
        Question(
            "frameNumber",
            mark("Frame number"),
            need=Need.RECOMMENDED,
            hint=mark("You find it on the frame or on the receipt. With it we can recognise your bicycle."),
            most=40,
            example="GZ1234567",
        ),
        Question("engravedPostcode", mark("Engraved postcode"), most=20, example="1012AB"),
        Question("chip", mark("Is there a chip in the bicycle?"), Input.YES_NO, example=False),
        Question(
            "batteryNumber",
            mark("Battery number"),
            most=40,
            when=("bicycleKind", frozenset({"electric", "cargo"})),
            example="PP-8812",
        ),
        Question(
            "tracker",
            mark("Is there a tracker in the bicycle?"),
            Input.YES_NO,
            when=("bicycleKind", frozenset({"electric", "cargo"})),
            example=True,
        ),
    ),
)
_BICYCLE_LOCK = Section(
    "lock",
    mark("The lock and the value"),
    (
        Question("locked", mark("Was the bicycle locked?"), Input.YES_NO, Need.REQUIRED, example=True),
        Question("keysPresent", mark("Do you still have all the keys?"), Input.YES_NO, Need.RECOMMENDED, example=True),
        Question("value", mark("What was the bicycle worth, in euros?"), Input.MONEY, Need.RECOMMENDED, example=649.5),
    ),
)
_MOPED = Section(
    "moped",
    mark("The moped"),
    (
        Question("plate", mark("Licence plate"), Input.PLATE, Need.REQUIRED, most=12, example="D-123-BC"),
        Question("brand", mark("Brand"), need=Need.REQUIRED, example="Piaggio"),
        Question("model", mark("Type or model"), example="Zip"),
        Question("colour", mark("Colour"), need=Need.REQUIRED, example="wit"),
        Question("frameNumber", mark("Frame number"), need=Need.RECOMMENDED, most=40, example="ZAPC2500000123456"),
        Question("locked", mark("Was the moped locked?"), Input.YES_NO, Need.REQUIRED, example=True),
        Question("keysPresent", mark("Do you still have all the keys?"), Input.YES_NO, Need.RECOMMENDED, example=True),
    ),
)
_ELECTRONICS = Section(
    "device",
    mark("The device"),
    (
        Question("brand", mark("Brand"), need=Need.REQUIRED, example="Fairphone"),
        Question("model", mark("Type or model"), need=Need.REQUIRED, example="2"),
        Question("colour", mark("Colour"), example="blauw"),
    ),
)
_ELECTRONICS_MARKS = Section(
    "marks",
    mark("How we can recognise the device"),
    (
        Question(
            "imei",
            mark("IMEI number"),
            Input.IMEI,
            Need.RECOMMENDED,
            hint=mark("15 digits, on the box or the receipt"),
            example="490154203237518",
        ),
        Question("serialNumber", mark("Serial number"), example="FP2-00123"),
        Question("phoneNumber", mark("Telephone number of the device"), Input.PHONE, example="06 87654321"),
        Question("blocked", mark("Has the device been blocked?"), Input.YES_NO, Need.RECOMMENDED, example=True),
        Question("value", mark("What was the device worth, in euros?"), Input.MONEY, Need.RECOMMENDED, example=525),
    ),
)
_CAR = Section(
    "car",
    mark("The car"),
    (
        Question("plate", mark("Licence plate"), Input.PLATE, Need.REQUIRED, most=12, example="12-ABC-3"),
        Question("windowBroken", mark("Was a window broken?"), Input.YES_NO, Need.REQUIRED, example=True),
        Question("locked", mark("Was the car locked?"), Input.YES_NO, Need.RECOMMENDED, example=True),
    ),
)
_SHOP = Section(
    "shop",
    mark("The shop"),
    (
        Question("shopName", mark("Name of the shop"), need=Need.REQUIRED, example="Fietsenmakerij De Ketting"),
        Question(
            "shopBranchNumber",
            mark("Chamber of Commerce branch number"),
            Input.BRANCH_NUMBER,
            hint=mark("12 digits"),
            most=12,
            example="000012345678",
        ),
    ),
)

KINDS = {
    "bicycle-theft": (mark("Theft of a bicycle or e-bike"), (_BICYCLE, _BICYCLE_MARKS, _BICYCLE_LOCK)),
    "moped-theft": (mark("Theft of a moped or scooter"), (_MOPED,)),
    "electronics-theft": (mark("Theft of a phone or other electronics"), (_ELECTRONICS, _ELECTRONICS_MARKS)),
    "theft-from-car": (mark("Theft from a car"), (_CAR, _GOODS)),
    "pickpocketing": (mark("Theft of a wallet or bag, pickpocketing"), (_GOODS,)),
    "other-theft": (mark("Theft of something else"), (_GOODS,)),
    "shop-theft": (mark("Theft from my shop"), (_SHOP, _GOODS)),
}
