"""Internet fraud: web shop, marketplace, phishing, bank help desk, friend in need, other."""

from chalicelib.core.language import mark
from chalicelib.forms.questions import Choice, Input, Need, Question, Section

_OTHER_PARTY = Section(
    "other-party",
    mark("The other party"),
    (
        Question("otherName", mark("Name that the other party used"), need=Need.RECOMMENDED, example="J. Verkoper"),
        Question("otherUserName", mark("User name"), example="topdeals88"),
        Question("otherEmail", mark("E-mail address of the other party"), Input.EMAIL, most=254, example="verkoper@example.net"),
        Question("otherPhone", mark("Telephone number of the other party"), Input.PHONE, example="06 11223344"),
    ),
)
_ACCOUNTS = Section(
    "accounts",
    mark("Where the money went"),
    (
        Question(
            "accounts",
            mark("To which bank accounts did you pay?"),
            Input.ROWS,
            most=10,
            row=mark("Account"),
            rows=(Question("iban", mark("Account number (IBAN)"), Input.IBAN, Need.REQUIRED, example="NL91ABNA0417164300"),),
            example=[{"iban": "NL91ABNA0417164300"}],
        ),
        Question("wallet", mark("Crypto wallet"), most=120, example="bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"),
    ),
)
_PAYMENT = Section(
    "payment",
    mark("The payment"),
    (
        Question(
            "paidAmount",
            mark("How much did you pay, in euros?"),
            Input.MONEY,
            Need.REQUIRED,
            hint=mark("Nothing? Then enter 0."),
            example=85,
        ),
        Question("paidOn", mark("When did you pay?"), Input.DATE, Need.RECOMMENDED, example="2016-06-28"),
        Question(
            "paymentMethod",
            mark("How did you pay?"),
            Input.CHOICE,
            Need.RECOMMENDED,
            choices=(
                Choice("transfer", mark("Bank transfer")),
                Choice("ideal", "iDEAL"),
                Choice("card", mark("Credit card or debit card")),
                Choice("payment_request", mark("Payment request")),
                Choice("crypto", mark("Crypto currency")),
                Choice("other", mark("Another way")),
                Choice("not_paid", mark("I did not pay")),
            ),
            example="ideal",
        ),
    ),
)
_BANK = Section(
    "bank",
    mark("Your bank"),
    (
        Question("ownBank", mark("Your own bank"), example="Volksbank"),
        Question("paymentReference", mark("Description or reference of the payment"), most=140, example="Kaartjes 2x"),
        Question("toldBank", mark("Have you told your bank?"), Input.YES_NO, Need.REQUIRED, example=True),
    ),
)
_CHANNEL = Question(
    "contactChannel",
    mark("How were you in contact?"),
    Input.CHOICE,
    Need.REQUIRED,
    choices=(
        Choice("website", mark("Through a website")),
        Choice("email", mark("By e-mail")),
        Choice("phone", mark("By telephone")),
        Choice("messages", mark("By text message or WhatsApp")),
        Choice("social", mark("Through social media")),
    ),
    example="messages",
)
_SITE = Question(
    "website", mark("Address of the website"), Input.URL, Need.REQUIRED, most=500, example="https://www.example.com/winkel"
)
_PLATFORM = Question("platform", mark("On which website or app?"), need=Need.REQUIRED, example="Marktplaats")
_ADVERT = Question(
    "advert", mark("Address or number of the advertisement"), need=Need.RECOMMENDED, most=500, example="m1234567890"
)
_GOODS = Question("product", mark("What was it about?"), need=Need.REQUIRED, most=200, example="Twee concertkaartjes")
_REMOTE = Question(
    "remoteAccess",
    mark("Did the other party look into or take over your computer or phone?"),
    Input.YES_NO,
    Need.REQUIRED,
    example=False,
)
_CARD = Question("cardHandedOver", mark("Did you hand over your bank card?"), Input.YES_NO, Need.REQUIRED, example=False)
_CLAIMED = Question(
    "claimedToBe", mark("Who did the other party say they were?"), need=Need.REQUIRED, example="Mijn dochter met een nieuw nummer"
)


def _fraud(*first: Question) -> tuple[Section, ...]:
    return (Section("how", mark("How it went"), (*first, _CHANNEL)), _OTHER_PARTY, _PAYMENT, _ACCOUNTS, _BANK)


KINDS = {
    "web-shop-fraud": (mark("Bought in a web shop, nothing delivered"), _fraud(_SITE, _GOODS)),
    "marketplace-purchase-fraud": (mark("Bought from a private seller, nothing delivered"), _fraud(_PLATFORM, _ADVERT, _GOODS)),
    "marketplace-sale-fraud": (
        mark("Cheated while selling something, or by a payment request"),
        _fraud(_PLATFORM, _ADVERT, _GOODS),
    ),
    "phishing": (mark("Phishing: a false mail, message or website"), _fraud(_SITE)),
    "bank-help-desk-fraud": (mark("Somebody pretended to be my bank"), _fraud(_REMOTE, _CARD)),
    "friend-in-need-fraud": (mark("Somebody pretended to be a friend or relative"), _fraud(_CLAIMED)),
    "other-fraud": (mark("Another kind of internet fraud"), _fraud(_PLATFORM)),
}
