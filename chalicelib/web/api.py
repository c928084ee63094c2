"""/v1/openapi.json: the description of the API, public."""

from chalicelib.web import openapi
from chalicelib.web.access import PUBLIC
from chalicelib.web.request import Call
from chalicelib.web.response import Reply, as_json
from chalicelib.web.routes import Routes, declared

routes = Routes(__name__)
_FOR_ALL = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


@routes.api("GET", "/v1/openapi.json", access=PUBLIC, summary="The description of this API")
def openapi_document(call: Call) -> Reply:
    content = openapi.document(declared(routes.current_app), call.services.settings.portal_url + call.base)
    return as_json(content, headers=_FOR_ALL)
