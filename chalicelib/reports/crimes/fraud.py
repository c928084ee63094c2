"""Internet fraud: web shop, marketplace, phishing, bank help desk, friend in need, other."""

from chalicelib.core.language import N_
from chalicelib.forms.questions import Choice, Input, Need, Question, Section

_OTHER_PARTY = Section(
    "other-party",
    N_("The other party"),
    (
        Question("otherName", N_("Name that the other party used"), need=Need.RECOMMENDED, example="J. Verkoper"),
        Question("otherUserName", N_("User name"), clue="user-name", example="topdeals88"),
        Question(
            "otherEmail",
            N_("E-mail address of the other party"),
            Input.EMAIL,
            most=300,
            stranger=True,
            clue="email",
            example="verkoper@example.net",
        ),
        Question(
            "otherPhone",
            N_("Telephone number of the other party"),
            Input.PHONE,
            stranger=True,
            clue="phone",
            example="06 11223344",
        ),
    ),
)
_ACCOUNTS = Section(
    "accounts",
    N_("Where the money went"),
    (
        Question(
            "accounts",
            N_("To which bank accounts did you pay?"),
            Input.ROWS,
            most=10,
            row=N_("Account"),
            rows=(
                Question(
                    "iban",
                    N_("Account number (IBAN)"),
                    Input.IBAN,
                    Need.REQUIRED,
                    stranger=True,
                    clue="iban",
                    example="NL91ABNA0417164300",
                ),
            ),
            example=[{"iban": "NL91ABNA0417164300"}],
        ),
        Question(
            "wallet",
            N_("Crypto wallet"),
            Input.MARK,
            most=120,
            clue="wallet",
            example="bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
        ),
    ),
)
_PAYMENT = Section(
    "payment",
    N_("The payment"),
    (
        Question(
            "paidAmount",
            N_("How much did you pay, in euros?"),
            Input.MONEY,
            Need.REQUIRED,
            hint=N_("Nothing? Then enter 0."),
            example=85,
        ),
        Question("paidOn", N_("When did you pay?"), Input.DATE, Need.RECOMMENDED, example="2016-06-28"),
        Question(
            "paymentMethod",
            N_("How did you pay?"),
            Input.CHOICE,
            Need.RECOMMENDED,
            choices=(
                Choice("transfer", N_("Bank transfer")),
                Choice("ideal", "iDEAL"),
                Choice("card", N_("Credit card or debit card")),
                Choice("payment_request", N_("Payment request")),
                Choice("crypto", N_("Crypto currency")),
                Choice("other", N_("Another way")),
                Choice("not_paid", N_("I did not pay")),
            ),
            example="ideal",
        ),
    ),
)
_BANK = Section(
    "bank",
    N_("Your bank"),
    (
        Question("ownBank", N_("Your own bank"), example="Volksbank"),
        Question("paymentReference", N_("Description or reference of the payment"), most=140, example="Kaartjes 2x"),
        Question("toldBank", N_("Have you told your bank?"), Input.YES_NO, Need.REQUIRED, example=True),
    ),
)
_CHANNEL = Question(
    "contactChannel",
    N_("How were you in contact?"),
    Input.CHOICE,
    Need.REQUIRED,
    choices=(
        Choice("website", N_("Through a website")),
        Choice("email", N_("By e-mail")),
        Choice("phone", N_("By telephone")),
        Choice("messages", N_("By text message or WhatsApp")),
        Choice("social", N_("Through social media")),
    ),
    example="messages",
)
_SITE = Question(
    "website",
    N_("Address of the website"),
    Input.URL,
    Need.REQUIRED,
    most=4_000,
    stranger=True,
    clue="host",
    example="https://www.example.com/winkel",
)
_PLATFORM = Question("platform", N_("On which website or app?"), need=Need.REQUIRED, example="Marktplaats")
_ADVERT = Question(
    "advert",
    N_("Address or number of the advertisement"),
    need=Need.RECOMMENDED,
    most=500,
    clue="advert",
    example="m1234567890",
)
_GOODS = Question("product", N_("What was it about?"), need=Need.REQUIRED, most=200, example="Twee concertkaartjes")
_REMOTE = Question(
    "remoteAccess",
    N_("Did the other party look into or take over your computer or phone?"),
    Input.YES_NO,
    Need.REQUIRED,
    example=False,
)
_CARD = Question("cardHandedOver", N_("Did you hand over your bank card?"), Input.YES_NO, Need.REQUIRED, example=False)
_CLAIMED = Question(
    "claimedToBe", N_("Who did the other party say they were?"), need=Need.REQUIRED, example="Mijn dochter met een nieuw nummer"
)


def _fraud(*first: Question) -> tuple[Section, ...]:
    return (Section("how", N_("How it went"), (*first, _CHANNEL)), _OTHER_PARTY, _PAYMENT, _ACCOUNTS, _BANK)


KINDS = {
    "web-shop-fraud": (N_("Bought in a web shop, nothing delivered"), _fraud(_SITE, _GOODS)),
    "marketplace-purchase-fraud": (N_("Bought from a private seller, nothing delivered"), _fraud(_PLATFORM, _ADVERT, _GOODS)),
    "marketplace-sale-fraud": (
        N_("Cheated while selling something, or by a payment request"),
        _fraud(_PLATFORM, _ADVERT, _GOODS),
    ),
    "phishing": (N_("Phishing: a false mail, message or website"), _fraud(_SITE)),
    "bank-help-desk-fraud": (N_("Somebody pretended to be my bank"), _fraud(_REMOTE, _CARD)),
    "friend-in-need-fraud": (N_("Somebody pretended to be a friend or relative"), _fraud(_CLAIMED)),
    "other-fraud": (N_("Another kind of internet fraud"), _fraud(_PLATFORM)),
}
