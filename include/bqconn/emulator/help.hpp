// The output of bqconn-emulator --help. A test compares it with the parsed options.
#pragma once

namespace bqconn::emulator {

inline constexpr char help_text[] =
    R"(bqconn-emulator: a local emulator of Adobe's Flow Service and IMS, and of the Google services
they depend on, for trying out and testing bqconn and other clients.
It listens on 127.0.0.1 only, keeps everything in memory, and accepts made-up credentials only.

Usage:
  bqconn-emulator exec [OPTIONS] -- COMMAND [ARGUMENTS]
      Run COMMAND with the emulator's URL and working credentials in its environment
      (BQCONN_PLATFORM_URL, BQCONN_IMS_URL, BQCONN_API_KEY, ...) and exit with its status;
      127 if it is not found, 126 if it cannot be run, 128+N if signal N ended it.
  bqconn-emulator serve [OPTIONS]
      Print the URL on stdout and keep running until SIGTERM or SIGINT.

Options:
  --port N               Port on 127.0.0.1 (default 0: a free one)
  --tls-cert FILE        Serve HTTPS with this certificate (PEM, valid for 127.0.0.1)
  --tls-key FILE         The certificate's private key (PEM, no passphrase)
  --tls-ca FILE          Set as BQCONN_CA_FILE for the command (default: the --tls-cert file)
  --sandbox NAME         Sandbox for the command: prod, dev (default), aws-dev
  --api-key TEXT         Adobe client ID to accept (default: random)
  --api-secret-file FILE File with the Adobe client secret to accept (default: random)
  --org-id TEXT          Organisation to accept (default: random)
  --give-access-token    Provide an access token instead of a client secret
  --no-google            Do not provide made-up Google credentials
  --google-key FILE      Write a service-account key that the emulated Google accepts, mode 0600
  --google-client FILE   Write its OAuth client, in the format of Google's console download
  --google FAILURE       Failure at Google; repeatable (see below)
  --adobe-credentials FILE
                         Write the Adobe credentials, as an aepp config, mode 0600
  --adobe FAILURE        Failure at Adobe; repeatable (see below)
  --clock SECONDS        Move the Date of every answer forward; --clock=-SECONDS moves it back
  --fault FAULT          Return a wrong answer on purpose; repeatable (see below)
  --test-result RESULT   Result of GET /connections/{id}/test: true (default), false, or a list
                         such as false,true; the last one repeats
  --bad-credentials FILE Credentials for which tests return false, one per line; read at each test
  --bigquery FILE        Tables of the connections, a JSON file (default: built in)
  --no-patch             Disable PATCH
  --unlicensed           The organisation has no licence for the BigQuery source
  --connections N        Start with N made-up connections in the sandbox
  --other-connections N  Start with N connections of a source other than BigQuery as well
  --record FILE          Write each request to the platform as a line of JSON, mode 0600. The file
                         deliberately includes the credentials sent; it is meant for tests
  -v, --verbose          Write one line per request to stderr, without secrets
  -h, --help             Show this help
  --version              Show the version

Options of serve:
  --env-file FILE        Write URL and credentials as NAME=value lines, mode 0600, before printing
                         the URL

Failures at Adobe:
  wrong-key              The gateway accepts the token but not the API key
  no-profile, no-org     The token has no product profile, or belongs to another organisation
  no-permission          No permission in Flow Service
  no-basic               No Basic Authentication, as on AWS

Failures at Google:
  revoked, rapt, wrong-client, missing-scope, no-bigquery-scope
                         The refresh token that the emulator issues
  wrong-secret           The OAuth client that it issues
  allow, deny, untick    Skip the consent page; untick allows only the bigquery scope
  testing, no-refresh-token
                         The token response after consent
  key-deleted, account-deleted, clock
                         The service account
  api-disabled, no-project, no-role, no-dataset-role
                         BigQuery

Faults: METHOD PATH=ACTION[;MODIFIER]...
  METHOD    GET, HEAD, POST, PATCH, DELETE, or * for any
  PATH      below Flow Service's base path (/connections, /connections/*/test), or the full path
            (/ims/token/v3, /data/foundation/sandbox-management/); * matches one segment
  ACTION    503 (any status 200-599, with its error document), html-502, empty-200, reset;
            apply-then-500, apply-then-reset, ... (carry out the request first);
            truncate=BYTES (cut the real body), slow=MILLISECONDS (delay the real answer)
  MODIFIER  times=N, after=N (N requests pass first), slow=MILLISECONDS, retry-after=SECONDS

Examples:
  bqconn-emulator exec -- bqconn create
  bqconn-emulator exec -- sh -c 'bqconn create --name demo | jq -r .id'
  bqconn-emulator exec --fault 'POST /connections=429;retry-after=1;times=2' -- bqconn create
  bqconn-emulator exec --connections 10000 -- bqconn list
  bqconn-emulator serve --port 8080 --env-file emulator.env
      then, elsewhere: bqconn create --env-file emulator.env
)";

}  // namespace bqconn::emulator
