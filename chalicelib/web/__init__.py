"""Everything that knows HTTP: routes with declared access, one request as data, errors, headers, pages, OpenAPI."""
