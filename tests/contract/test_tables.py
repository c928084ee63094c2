"""How the tables are reached: all of a stage through one client."""

from chalicelib.core.tables import bind, connection
from chalicelib.desk.audit import AuditItem
from chalicelib.identity.sessions import SessionItem
from chalicelib.letters.ledger import LetterItem
from chalicelib.reports.table import ReportItem


def test_all_tables_share_a_client_so_that_a_cold_function_opens_one_connection(aws, settings):
    tables = {"reports": ReportItem, "sessions": SessionItem, "letters": LetterItem, "audit": AuditItem}

    bound = [bind(model, name, settings) for name, model in tables.items()]
    for model in bound:
        assert list(model.scan(limit=1)) == []

    assert {id(model._get_connection().connection.client) for model in bound} == {id(connection(settings.region).client)}
