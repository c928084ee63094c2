// Two OpenID providers of `oidc-provider`, as DigiD's broker and as the officers' login, for one portal.
//
// One line of JSON on standard input says how both are configured (tests/interop/configurations.py); the answer on standard output
// is one line too: where each listens. `POST /_keys {"kid": "…"}` at either replaces its keys, as an operator there would.
import { createServer } from 'node:http';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { createInterface } from 'node:readline';
import Provider from 'oidc-provider';

const KINDS = {
  RS: ['rsa', { modulusLength: 2048 }], PS: ['rsa', { modulusLength: 2048 }],
  ES256: ['ec', { namedCurve: 'P-256' }], ES384: ['ec', { namedCurve: 'P-384' }], ES512: ['ec', { namedCurve: 'P-521' }],
  Ed: ['ed25519', {}],
};

function signingKey(alg, kid) {
  const [type, options] = KINDS[alg] ?? KINDS[alg.slice(0, 2)];
  return { ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg };
}

// The portal's own key for encryption, as it publishes it: chosen by `use`, as any provider must.
async function portalKey(portal) {
  const { keys } = await (await fetch(`${portal}/.well-known/jwks.json`)).json();
  const jwk = keys.find((key) => key.use === 'enc');
  return { kid: jwk.kid, key: createPublicKey({ key: jwk, format: 'jwk' }) };
}

function configured(portal, own, keys) {
  const known = (subject) => Object.values(own.people).find((person) => person.subject === subject);
  return {
    jwks: { keys },
    clients: [
      {
        client_id: own.client_id,
        redirect_uris: [portal + own.callback],
        post_logout_redirect_uris: [`${portal}/logged-out`],
        backchannel_logout_uri: `${portal}/login/backchannel-logout`,
        backchannel_logout_session_required: own.sid ?? true,
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'PS256',
        jwks_uri: `${portal}/.well-known/jwks.json`,
        id_token_signed_response_alg: own.alg,
        ...own.envelope,
      },
      {
        client_id: 'interop-app',
        redirect_uris: ['https://app.example/back'],
        token_endpoint_auth_method: 'none',
        id_token_signed_response_alg: own.alg,
      },
    ],
    acrValues: own.acr ? [own.acr] : [],
    claims: { openid: ['sub', ...own.claims], acr: null, sid: null },
    conformIdTokenClaims: false,
    enabledJWA: {
      idTokenSigningAlgValues: ['RS256', 'PS256', 'PS384', 'ES256', 'ES384', 'ES512', 'Ed25519'],
      idTokenEncryptionAlgValues: ['RSA-OAEP', 'RSA-OAEP-256'],
      idTokenEncryptionEncValues: ['A128CBC-HS256', 'A192CBC-HS384', 'A256CBC-HS512', 'A128GCM', 'A256GCM'],
      clientAuthSigningAlgValues: ['PS256', 'RS256'],
    },
    clientAuthMethods: ['private_key_jwt', 'none'],
    cookies: { keys: ['interop'] },
    features: {
      devInteractions: { enabled: false },
      encryption: { enabled: true },
      backchannelLogout: { enabled: true },
      pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: own.pushed ?? false },
      rpInitiatedLogout: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: async () => ({
          scope: 'reports', audience: own.audience, accessTokenFormat: 'jwt', accessTokenTTL: 600,
          jwt: { sign: { alg: own.alg }, ...(own.encrypts ? { encrypt: { ...own.encrypts, ...await portalKey(portal) } } : {}) },
        }),
      },
    },
    extraTokenClaims: async (ctx, token) => (
      { ...known(token.accountId).claims, ...(own.acr ? { acr: own.acr } : {}) }
    ),
    findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...known(id).claims }) }),
    loadExistingGrant: async (ctx) => {
      const { client, session, provider } = ctx.oidc;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid');
      grant.addResourceScope(own.audience, 'reports');
      await grant.save();
      return grant;
    },
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    // Its guard refuses this machine's own addresses, and its patience ends on a busy one.
    fetch: (url, { dispatcher, signal, ...options }) => fetch(url, options),
  };
}

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

async function start(portal, own) {
  const server = createServer();
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const issuer = `http://127.0.0.1:${server.address().port}${own.slash ? '/' : ''}`;
  let provider;
  let serve;
  const renew = (kid) => {
    provider = new Provider(issuer, configured(portal, own, [signingKey(own.alg, kid)]));
    provider.on('server_error', (ctx, error) => { console.error(error); });
    provider.on('backchannel.error', (ctx, error) => { console.error('back channel:', error.message); });
    serve = provider.callback();
  };
  renew('first');
  server.on('request', async (request, response) => {
    if (request.url === '/_keys') {
      renew(JSON.parse(await body(request)).kid);
      response.end('{}');
    } else if (request.url.startsWith('/interaction/') && request.method === 'GET') {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(`<main><form method="post" action="${request.url}"><input name="person"></form></main>`);
    } else if (request.url.startsWith('/interaction/')) {
      const person = new URLSearchParams(await body(request)).get('person');
      const login = { accountId: own.people[person].subject, ...(own.acr ? { acr: own.acr } : {}), amr: ['pwd', 'otp', 'mfa'] };
      await provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
    } else {
      serve(request, response);
    }
  });
  return issuer;
}

const [line] = await new Promise((resolve) => { createInterface({ input: process.stdin }).once('line', (one) => resolve([one])); });
const { portal, logins } = JSON.parse(line);
const issuers = {};
for (const [name, own] of Object.entries(logins)) issuers[name] = await start(portal, own);
console.log(JSON.stringify(issuers));
process.stdin.resume().on('end', () => process.exit(0));
