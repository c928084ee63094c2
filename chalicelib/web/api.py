"""/v1/openapi.json: the description of the API, public."""

from chalicelib.web import openapi
from chalicelib.web.access import PUBLIC
from chalicelib.web.request import Request
from chalicelib.web.response import Response, as_json
from chalicelib.web.routes import Routes, declared

routes = Routes(__name__)
_FOR_ALL = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Content-Language": "en",  # for builders of programs, whatever their users read
}


@routes.api(
    "GET",
    "/v1/openapi.json",
    access=PUBLIC,
    summary="The description of this API",
    description="This document: OpenAPI 3.1, readable from any site. Clients can be generated from it.",
)
def openapi_document(request: Request) -> Response:
    settings = request.services.settings
    content = openapi.document(declared(routes.current_app), settings.portal_url + request.base, settings)
    return as_json(content, headers=_FOR_ALL)
