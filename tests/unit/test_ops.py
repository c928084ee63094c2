"""The commands of an operator, on AWS in memory."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from moto.ses.models import ses_backends

from chalicelib import wiring
from chalicelib.core.derivation import Derivation
from chalicelib.core.language import Language
from chalicelib.identity.keys import OwnKeys
from chalicelib.letters import due_letters
from chalicelib.letters.catalogue import Letter, NoLetter, NotSentReason
from chalicelib.letters.ledger_entry import LedgerEntry
from chalicelib.reports.events import SYSTEM
from chalicelib.reports.facts import Reporter
from chalicelib.reports.filters import Index, Run
from chalicelib.reports.model import Change
from chalicelib.reports.statuses import Status
from chalicelib.reports.store import line_of
from infra.ops.commands import COMMANDS, parser
from infra.ops.stage import Refused, environment, stage_of
from infra.tables import definitions
from tests.support.logins import Edited, LoginWorld, keys_json
from tests.support.samples import CITIZEN, HANDLER, NEIGHBOUR, NOON, REFERENCE, a_report
from tests.support.settings import ACCOUNT, REGION

TEN_YEARS = timedelta(days=10 * 365 + 2)


@pytest.fixture
def alarm(aws):
    alarms = aws.client("cloudwatch")
    facts = {"Namespace": "AWS/Lambda", "MetricName": "Errors", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1}
    alarms.put_metric_alarm(AlarmName="test-letters-late", Threshold=1, ComparisonOperator="GreaterThanThreshold", **facts)
    yield lambda state: alarms.set_alarm_state(AlarmName="test-letters-late", StateValue=state, StateReason="test")
    alarms.delete_alarms(AlarmNames=["test-letters-late"])


def test_a_quiet_stage_needs_nobody(operator, queue, alarm):
    alarm("OK")

    assert operator.does("status") == 0
    assert operator.lines[-1] == "nothing needs you"
    assert "failure queue   0 waiting" in operator.said


def test_an_alarm_a_failure_and_an_overdue_report_need_somebody(operator, aws, clock, queue, alarm):
    alarm("ALARM")
    aws.client("sqs").send_message(QueueUrl=queue, MessageBody="{}")
    operator.services.reports.add(a_report())
    clock.advance(timedelta(days=62))

    assert operator.does("status") == 1
    assert "alarms          letters-late" in operator.said
    assert "failure queue   1 waiting" in operator.said
    assert "agenda          1 due, 1 of them since yesterday or longer" in operator.said
    assert operator.lines[-1].startswith("3 of these need somebody")


def test_what_would_be_destroyed_is_said_before_it_is_done(operator, clock):
    operator.services.reports.add(a_report())
    clock.advance(TEN_YEARS)

    assert operator.does("erase-expired", "--dry-run") == 0
    assert operator.lines == ["1 reports would be destroyed", "  Noord-Nederland  1"]
    assert operator.services.reports.get(REFERENCE)

    assert operator.does("erase-expired") == 0
    assert operator.services.reports.get(REFERENCE) is None
    assert operator.does("erase-expired") == 0
    assert operator.lines == ["0 reports destroyed, 0 could not be; the log says which"]


def test_police_numbers_of_before_are_claimed_once_and_who_shares_one_is_told(operator, clock):
    reports, number = operator.services.reports, "PL0100-2016123456"
    for reference, days in ((REFERENCE, 0), ("CCCC-CCCC-CCCC", 1), ("DDDD-DDDD-DDDD", 2)):
        old = a_report(reference=reference, at=NOON + timedelta(days=days))
        reports.add(replace(old, registration_number=number if days < 2 else ""))
    clock.advance(timedelta(days=3))

    assert operator.does("register-numbers", "--dry-run") == 0
    assert operator.lines == ["2 police numbers would be registered, 0 of them on a second report"]
    for _ in range(2):
        assert operator.does("register-numbers") == 1
        assert operator.lines == [
            "  CCCC-CCCC-CCCC has the number of another report: an officer must correct one of the two",
            "2 police numbers looked at, 1 of them on a second report",
        ]


def test_a_day_is_told_in_counts(operator, clock):
    operator.services.reports.add(a_report())
    operator.services.reports.add(a_report(reference="CCCC-CCCC-CCCC", at=NOON + timedelta(days=1)))

    assert operator.does("digest", "--day", "2016-07-01") == 0
    assert "filed      1: theft 1" in operator.said
    assert "changed    1: received 1" in operator.said
    assert "letters    1: not_yet 1" in operator.said
    clock.advance(TEN_YEARS)
    operator.does("erase-expired")

    assert operator.does("digest", "--day", "2026-07-01") == 0
    assert "destroyed  1" in operator.said


def test_of_letters_is_told_how_they_ended_and_why_not(operator, clock):
    report = operator.services.reports.add(a_report())
    ledger = operator.services.ledger
    operator.services.reports.save(report, report.changed(Change(Status.CHECKED), by=SYSTEM, at=clock.now()))
    ledger.claim(LedgerEntry(id=f"{REFERENCE}#1"), attempt="a", letter=Letter.NEWS, language=Language.NL, template="t")
    ledger.note_accepted(f"{REFERENCE}#1", attempt="a", message_id="m")
    ledger.withhold(f"{REFERENCE}#2", NoLetter(NotSentReason.NOT_WANTED))

    operator.does("digest", "--day", "2016-07-01")

    assert "changed    2: checked 1, received 1" in operator.said
    assert "letters    2: not_sent:not_wanted 1, sent 1" in operator.said


def test_letters_that_were_given_up_need_somebody(operator, clock, queue):
    operator.services.ledger.wait(f"{REFERENCE}#1", letter=Letter.NEWS, until=clock.now())
    operator.services.ledger.give_up(f"{REFERENCE}#1", unit="Limburg")

    assert operator.does("status") == 1

    assert "0 due, 0 of them for long; 1 given up" in operator.said
    operator.does("digest", "--day", "2016-07-01")
    assert "given up   1 letters, until they are redriven" in operator.said


def test_letters_that_wait_for_long_need_somebody(operator, clock, queue):
    operator.services.ledger.wait(f"{REFERENCE}#1", letter=Letter.NEWS, until=clock.now())
    clock.advance(timedelta(minutes=5))
    assert operator.does("status") == 0
    assert "letters         1 due, 0 of them for long; 0 given up" in operator.said

    clock.advance(timedelta(minutes=20))
    assert operator.does("status") == 1


def test_statistics_are_csv_and_say_beside_it_whether_something_is_in_no_row_but_not_how_much(operator, clock):
    for number in range(12):
        operator.services.reports.add(a_report(reference=f"CCCC-CCCC-C{number:03}", reporter=Reporter(f"V1-{number}", "x")))
    operator.services.reports.add(a_report(at=NOON + timedelta(days=40)))
    clock.advance(timedelta(days=70))

    assert operator.does("export-statistics", "--first", "2016-06", "--last", "2016-08") == 0
    assert operator.said == "month,crime,unit,municipality,reports\n2016-07,theft,Noord-Nederland,Groningen,12"
    assert operator.notes == ["1 rows; a crime with fewer than 10 reports in a month is in none"]
    operator.does("export-statistics", "--first", "2016-07", "--last", "2016-07")
    assert operator.notes[-1] == "1 rows; every report is in one"


def test_a_month_that_is_not_over_has_no_statistics_yet(operator, clock):
    assert operator.does("export-statistics", "--first", "2016-06", "--last", "2016-07") == 2
    assert operator.said.startswith("2016-07 is not over")
    clock.advance(timedelta(days=31))
    assert operator.does("export-statistics", "--first", "2016-06", "--last", "2016-07") == 0


def test_while_the_reports_of_a_month_are_destroyed_one_by_one_its_statistics_stay_the_same(operator, clock):
    for number in range(24):
        at = NOON + timedelta(days=number)
        operator.services.reports.add(
            a_report(reference=f"CCCC-CCCC-C{number:03}", reporter=Reporter(f"V1-{number}", "x"), at=at)
        )
    clock.advance(TEN_YEARS)
    seen = set()

    for _ in range(4):
        operator.does("export-statistics", "--first", "2016-07", "--last", "2016-07")
        seen.add(operator.said)
        operator.does("erase-expired")
        clock.advance(timedelta(days=5))

    assert seen == {"month,crime,unit,municipality,reports\n2016-07,theft,Noord-Nederland,other,24"}


def test_an_operator_logs_somebody_out_everywhere_by_a_report_or_an_officer_s_number(operator):
    sessions = operator.services.sessions
    operator.services.reports.add(a_report())
    citizen, officer, other = (
        sessions.open(who, issuer="https://login.example", subject=str(who), session_id="")
        for who in (CITIZEN, HANDLER, NEIGHBOUR)
    )

    assert operator.does("end-sessions", "--report", REFERENCE, "--dry-run") == 0
    assert operator.said == f"1 sessions of the reporter of {REFERENCE} are kept; those of them that are open would end"
    assert not sessions.find(citizen).expired
    assert operator.does("end-sessions", "--report", REFERENCE.lower()) == 0
    assert operator.said == f"1 sessions of the reporter of {REFERENCE} ended"
    assert operator.does("end-sessions", "--officer", HANDLER.id) == 0

    assert [sessions.find(secret).ended for secret in (citizen, officer, other)] == [True, True, False]
    assert CITIZEN.pseudonym not in operator.said + "".join(operator.notes)
    operator.does("end-sessions", "--report", REFERENCE)
    assert operator.said.startswith("0 sessions"), "run once more, it ends nothing"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("end-sessions",),
        ("end-sessions", "--report", "CCCC-CCCC-CCCC"),
        ("end-sessions", "--report", "nonsense"),
        ("end-sessions", "--report", REFERENCE, "--officer", "NN1234"),
        ("nonsense",),
        ("digest", "--day", "yesterday"),
        ("export-statistics", "--first", "2016-07"),
        ("export-statistics", "--first", "2016-07", "--last", "2016-06"),
        ("export-statistics", "--first", "July", "--last", "August"),
        ("rotate-keys",),
        ("rotate-keys", "burn"),
    ],
)
def test_a_command_that_cannot_be_done_is_answered_with_one_sentence(operator, arguments):
    assert operator.does(*arguments) == 2
    assert len(operator.lines) == 1
    assert operator.said.endswith(".")


def test_letters_that_the_stream_never_brought_are_sent_once_by_a_redrive(operator, aws, clock):
    operator.services.reports.add(a_report())
    clock.advance(timedelta(hours=1))

    assert operator.does("redrive", "--dry-run") == 0
    assert "1 reports" in operator.said
    assert aws.mails() == []
    assert operator.does("redrive") == 0
    assert "never brought 1" in operator.said
    assert operator.does("redrive") == 0
    assert "never brought 0" in operator.said
    due_letters.send_due(operator.services.mailroom)
    assert len(aws.mails()) == 1


@pytest.mark.parametrize("hours", ["0", "-1", "²", "many"])
def test_a_redrive_wants_whole_hours(operator, hours):
    assert operator.does("redrive", "--hours", hours) == 2


def test_every_command_that_changes_something_can_be_tried_without_changing_it():
    changing = [name for name, command in COMMANDS.items() if command.changes]

    assert len(changing) >= 2
    for name in changing:
        rest = ["add"] if name.startswith("rotate-") else []
        assert parser().parse_args([name, *rest, "--dry-run"]).dry_run


class TestRestoredTable:
    """A table that came back from backup: the same name and items, without all that stood around it."""

    @pytest.fixture
    def restored(self, operator, aws, settings):
        """A stage of its own, with the tables as DynamoDB makes them and nothing put on."""
        tables = aws.client("dynamodb")
        for definition in definitions("back-"):
            tables.create_table(**{name: value for name, value in definition.items() if name != "StreamSpecification"})
        changes = {"table_prefix": "back-", "reports_stream_arn": "arn:old", "profiles_stream_arn": "arn:old"}
        operator.services = wiring.Services(replace(settings, **changes), operator.services.clock)
        yield operator
        for definition in definitions("back-"):
            tables.delete_table(TableName=definition["TableName"])

    def test_it_gets_back_what_the_template_says_and_the_operator_hears_of_its_new_stream(self, restored, aws):
        assert restored.does("mend-tables", "--dry-run") == 1
        assert "back-reports  lacks its stream" in restored.lines
        lacking = len(restored.lines)

        assert restored.does("mend-tables") == 1, "somebody has to deploy"

        assert len(restored.lines) > lacking
        assert "back-drafts  has again expiry" in restored.lines
        table = aws.client("dynamodb").describe_table(TableName="back-reports")["Table"]
        assert table["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
        assert f'REPORTS_STREAM_ARN = "{table["LatestStreamArn"]}"' in restored.lines

    def test_a_table_that_has_everything_is_left_alone(self, restored, aws):
        restored.does("mend-tables")
        now = {
            f"{name}_stream_arn": aws.client("dynamodb").describe_table(TableName=f"back-{name}")["Table"]["LatestStreamArn"]
            for name in ("reports", "profiles")
        }
        restored.services = wiring.Services(replace(restored.services.settings, **now), restored.services.clock)

        assert restored.does("mend-tables") == 0
        assert restored.lines == ["every table has what the template says"]


class TestKeys:
    """A rotation of the portal's own keys, on a secret that the stack made empty."""

    @pytest.fixture
    def secret(self, aws):
        secrets = aws.client("secretsmanager")
        secrets.create_secret(Name="test-oidc-keys")
        yield lambda: json.loads(secrets.get_secret_value(SecretId="test-oidc-keys")["SecretString"])["keys"]
        secrets.delete_secret(SecretId="test-oidc-keys", ForceDeleteWithoutRecovery=True)

    def test_keys_are_made_and_rotated_without_a_moment_in_which_a_login_fails(self, operator, secret, clock):
        assert operator.does("rotate-keys", "add") == 0
        first = secret()
        clock.advance(timedelta(days=365))
        assert operator.does("rotate-keys", "add") == 0
        added = secret()
        assert operator.does("rotate-keys", "use") == 0
        used = secret()
        assert operator.does("rotate-keys", "retire") == 0
        retired = secret()

        assert [key["use"] for key in first] == ["sig", "enc"]
        assert added[:2] == first, "the old keys work until the issuers know the new ones"
        assert OwnKeys(json.dumps({"keys": added})).public()["keys"][0]["kid"] == first[0]["kid"]
        assert OwnKeys(json.dumps({"keys": used})).public()["keys"][0]["kid"] == added[2]["kid"]
        assert {key["kid"] for key in used} == {key["kid"] for key in added}, "a token for the old key still opens"
        assert {key["kid"] for key in retired} == {added[2]["kid"], added[3]["kid"]}

    def test_a_private_key_is_never_on_the_screen(self, operator, secret):
        operator.does("rotate-keys", "add")

        private = [key[part] for key in secret() for part in ("d", "p", "q")]
        assert len(private) == 6
        assert not [part for part in private if part in operator.said]

    def test_a_dry_run_changes_nothing(self, operator, secret):
        operator.does("rotate-keys", "add")
        before = secret()

        assert operator.does("rotate-keys", "add", "--dry-run") == 0

        assert secret() == before

    @pytest.mark.parametrize("step", ["use", "retire"])
    def test_a_step_out_of_order_says_which_comes_first(self, operator, secret, step):
        assert operator.does("rotate-keys", step) == 2
        assert "`add` first" in operator.said

    def test_two_rotations_do_not_run_at_once(self, operator, secret, clock):
        operator.does("rotate-keys", "add")
        clock.advance(timedelta(seconds=1))
        operator.does("rotate-keys", "add")

        assert operator.does("rotate-keys", "add") == 2
        assert "fresh keys already" in operator.said


class TestSettings:
    """Every setting is looked at before a citizen finds out."""

    @pytest.fixture
    def sound(self, operator, aws, settings, clock):
        """A stage of which every setting can be used."""
        operator.web = LoginWorld(settings, clock).fetch
        secrets = aws.client("secretsmanager")
        secrets.create_secret(Name="test-oidc-keys", SecretString=keys_json())
        ses_backends[ACCOUNT][REGION].email_identities["portal.example"].verified_for_sending_status = True
        arn = aws.client("dynamodb").describe_table(TableName="test-reports")["Table"]["LatestStreamArn"]
        operator.services = wiring.Services(replace(settings, reports_stream_arn=arn), operator.services.clock)
        yield operator
        secrets.delete_secret(SecretId="test-oidc-keys", ForceDeleteWithoutRecovery=True)

    def test_a_sound_stage_passes(self, sound):
        assert sound.does("check-settings") == 0, sound.said

    @pytest.mark.parametrize(
        ("setting", "value"),
        [
            ("derivation_secret", "test-nothing"),
            ("oidc_keys_secret", "test-derivation"),
            ("bsn_hmac_key_id", "alias/test-bsn"),
            ("bsn_key_id", "alias/nothing"),
            ("reports_stream_arn", "arn:aws:dynamodb:eu-west-1:123456789012:table/test-reports/stream/2015-01-01T00:00:00.000"),
            ("mail_from", "post@nobody.example"),
            ("mail_from_neutral", "bericht@nobody.example"),
            ("evidence_bucket", "nothing-here"),
            ("digid_issuer", "https://nobody.example"),
            ("staff_issuer", "https://staff.example/"),
        ],
    )
    def test_one_that_cannot_be_used_is_named(self, sound, setting, value):
        sound.services = wiring.Services(replace(sound.services.settings, **{setting: value}), sound.services.clock)

        assert sound.does("check-settings") == 1
        assert sound.lines[0].startswith(f"{setting.upper()}: ")
        assert sound.lines[-1] == "1 settings cannot be used"

    @pytest.mark.parametrize("setting", ["DIGID_ISSUER", "STAFF_ISSUER"])
    def test_an_issuer_that_does_not_fit_is_named_with_what_it_lacks(self, sound, setting):
        sound.web = Edited(
            sound.web, {"/openid-configuration": lambda found: {**found, "code_challenge_methods_supported": ["plain"]}}
        )

        assert sound.does("check-settings") == 1
        line = next(line for line in sound.lines if line.startswith(f"{setting}: "))
        assert "It knows plain for PKCE (`code_challenge_methods_supported`), and we need S256." in line

    def test_what_an_issuer_does_not_say_is_a_note_and_no_fault(self, sound):
        silent = ("token_endpoint_auth_signing_alg_values_supported", "end_session_endpoint", "backchannel_logout_supported")
        sound.web = Edited(
            sound.web, {"/openid-configuration": lambda found: {n: v for n, v in found.items() if n not in silent}}
        )

        assert sound.does("check-settings") == 0, sound.said
        assert len(sound.notes) == 6
        assert "digid: It has no `end_session_endpoint`: who logs out here stays logged in there." in sound.notes

    def test_the_neutral_sender_may_be_verified_by_its_domain(self, sound):
        changed = replace(sound.services.settings, mail_from_neutral="bericht@portal.example")
        sound.services = wiring.Services(changed, sound.services.clock)

        assert sound.does("check-settings") == 0, sound.said


class TestRotateCodes:
    """The key of codes that people type: a fresh one, from a moment on."""

    @pytest.fixture
    def secret(self, aws, settings):
        secrets, name = aws.client("secretsmanager"), settings.derivation_secret
        before = secrets.get_secret_value(SecretId=name)["SecretString"]
        yield lambda: secrets.get_secret_value(SecretId=name)["SecretString"]
        secrets.put_secret_value(SecretId=name, SecretString=before)

    def test_a_fresh_key_makes_codes_from_tomorrow_on_and_then_the_old_one_can_go(self, operator, secret, clock):
        before = secret()
        assert operator.does("rotate-codes", "add") == 0
        added = Derivation.parse(secret())
        assert operator.does("rotate-codes", "retire") == 2, "the fresh one makes no codes yet"
        assert "begins at 2016-07-02T10:00:00Z" in operator.said
        clock.advance(timedelta(days=1))
        assert operator.does("rotate-codes", "retire") == 2, "surveys are open"
        assert "--leaked" in operator.said
        clock.advance(timedelta(days=operator.services.settings.survey_open_days))
        assert operator.does("rotate-codes", "retire") == 0
        retired = Derivation.parse(secret())

        assert added.names == retired.names == before.encode()
        assert added.proofs.at(NOON) == before.encode()
        assert added.proofs.at(NOON + timedelta(days=1)) != before.encode()
        assert retired.proofs.keys == added.proofs.keys[:1]
        assert operator.does("rotate-codes", "retire") == 2
        assert "`add` first" in operator.said

    def test_a_key_that_leaked_goes_at_once_though_surveys_are_open(self, operator, secret, clock):
        operator.does("rotate-codes", "add", "--hours", "1")
        clock.advance(timedelta(hours=1))

        assert operator.does("rotate-codes", "retire", "--leaked") == 0
        assert len(Derivation.parse(secret()).proofs.keys) == 1

    def test_in_a_hurry_it_begins_within_the_hour_and_no_second_one_comes_between(self, operator, secret):
        assert operator.does("rotate-codes", "add", "--hours", "1") == 0
        after = secret()

        assert "codes since 2016-07-01T11:00:00Z" in operator.said
        assert operator.does("rotate-codes", "add") == 2
        assert secret() == after

    def test_no_key_is_on_the_screen_and_a_dry_run_changes_nothing(self, operator, secret):
        before = secret()

        assert operator.does("rotate-codes", "add", "--dry-run") == 0
        assert secret() == before
        assert operator.does("rotate-codes", "add") == 0

        keys = Derivation.parse(secret())
        assert not [key for key in (keys.names, *keys.proofs.all) if key.decode() in operator.said]

    @pytest.mark.parametrize("hours", ["0", "-1", "soon"])
    def test_hours_are_whole(self, operator, secret, hours):
        assert operator.does("rotate-codes", "add", "--hours", hours) == 2

    def test_what_is_no_set_of_keys_is_never_written_over(self, operator, secret, aws, settings):
        aws.client("secretsmanager").put_secret_value(SecretId=settings.derivation_secret, SecretString="{}")

        assert operator.does("rotate-codes", "add") == 2
        assert secret() == "{}"
        assert "Restore it" in operator.said


def test_a_stage_that_was_not_deployed_from_here_is_named(tmp_path):
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"stages": {"test": {}}}))

    with pytest.raises(Refused, match="prod has no settings"):
        environment("prod", config)


def test_a_stage_with_a_malformed_setting_is_refused_with_every_one_that_is_wrong(tmp_path):
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"stages": {"test": {"environment_variables": {"STAGE": "test", "QUESTION_DAYS": "-1"}}}}))

    with pytest.raises(Refused, match=r"PORTAL_URL is missing.*QUESTION_DAYS is malformed") as refused:
        stage_of("test", config)
    assert "infra/stages/test.toml" in str(refused.value)


def test_reports_of_before_the_desk_had_lists_are_brought_into_them_once(operator, aws):
    """By a store of before: what lists need was taken off their items."""
    reports = operator.services.reports
    for number in (1, 2):
        report = reports.add(a_report(reference=f"{number:04d}-CCCC-CCCC"))
        lacks = {"Key": {"reference": {"S": report.reference}}, "UpdateExpression": "REMOVE place, desk_due"}
        aws.client("dynamodb").update_item(TableName="test-reports", **lacks)
    reports.add(a_report(reference="0003-CCCC-CCCC"))
    received = Run(Index.QUEUE, "Noord-Nederland#received")
    assert [line.reference for line in reports.look(received).lines] == ["0003-CCCC-CCCC"]

    assert operator.does("fill-lists", "--dry-run") == 0
    assert operator.lines[-1] == "2 reports to be brought in"
    assert len(reports.look(received).lines) == 1

    for done in (2, 0):  # run twice
        assert operator.does("fill-lists") == 0
        assert operator.lines[-2:] == [f"2016-07  3 reports, {done} brought in", f"{done} reports brought in"]
        assert list(reports.look(received).lines) == [line_of(reports.get(f"{number:04d}-CCCC-CCCC")) for number in (1, 2, 3)]
    assert operator.does("fill-lists", "--first", "soon") == 2
