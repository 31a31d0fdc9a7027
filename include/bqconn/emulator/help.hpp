// What bqconn-emulator --help prints. A test holds it against the options that are parsed.
#pragma once

namespace bqconn::emulator {

inline constexpr char help_text[] =
    R"(bqconn-emulator: a local Adobe Flow Service and IMS, and the Google behind them, to try and
test bqconn and other clients.
It listens on 127.0.0.1 only, keeps everything in memory, and takes made-up credentials only.

Usage:
  bqconn-emulator exec [OPTIONS] -- COMMAND [ARGUMENTS]
      Runs COMMAND with the emulator's URL and working credentials in its environment
      (BQCONN_PLATFORM_URL, BQCONN_IMS_URL, BQCONN_API_KEY, ...) and exits with its status;
      127 if it is not found, 126 if it cannot be run, 128+N if signal N ended it.
  bqconn-emulator serve [OPTIONS]
      Prints its URL on stdout, then stays up until SIGTERM or SIGINT.

Options:
  --port N               Port on 127.0.0.1 (default 0: a free one)
  --tls-cert FILE        Serve HTTPS with this certificate (PEM, valid for 127.0.0.1)
  --tls-key FILE         The certificate's private key (PEM, no passphrase)
  --tls-ca FILE          What the command is told to trust, as BQCONN_CA_FILE (default: --tls-cert)
  --sandbox NAME         Sandbox the command is given: prod, dev (default), aws-dev
  --api-key TEXT         Adobe client id to accept (default: random)
  --api-secret-file FILE File with the Adobe client secret to accept (default: random)
  --org-id TEXT          Organisation to accept (default: random)
  --give-access-token    Give an access token, and no client secret to fetch one with
  --no-google            Give no made-up Google credentials
  --google-key FILE      Write the key of a service account that the emulated Google knows, mode 0600
  --google-client FILE   Write the OAuth client that it knows, as Google gives it for download
  --google FAILURE       What goes wrong at Google; may be given several times (see below)
  --adobe-credentials FILE
                         Write the Adobe credentials, as an aepp config, mode 0600
  --adobe FAILURE        What goes wrong at Adobe; may be given several times (see below)
  --clock SECONDS        The Date of every answer is so much later; earlier with --clock=-SECONDS
  --fault FAULT          Answer wrongly on purpose; may be given several times (see below)
  --test-result RESULT   What GET /connections/{id}/test answers: true (default) or false; or in
                         order, as in false,true: the last one stays
  --bad-credentials FILE Its lines name credentials that test false; read anew at each test
  --bigquery FILE        The tables behind the connections, a JSON document (default: built in)
  --no-patch             PATCH is not enabled
  --unlicensed           The organisation has no licence for the BigQuery source
  --connections N        So many made-up connections are in the sandbox from the start
  --other-connections N  And so many of another source than BigQuery
  --record FILE          Write each request to the platform there as a line of JSON, mode 0600.
                         The file holds credentials: that is its purpose, for tests
  -v, --verbose          A line on stderr for each request, without secrets
  -h, --help             This text
  --version              The version

Options of serve:
  --env-file FILE        Write URL and credentials there as NAME=value lines, mode 0600, before the
                         URL is printed

Failures at Adobe:
  wrong-key              The gateway knows the token, and not the api key
  no-profile, no-org     The token is of no profile, or of another organisation
  no-permission          Nothing in Flow Service is permitted
  no-basic               There is no Basic Authentication, as on AWS

Failures at Google:
  revoked, rapt, wrong-client, missing-scope, no-bigquery-scope
                         of the refresh token that the emulator gives
  wrong-secret           of its OAuth client
  allow, deny, untick    the consent page decides by itself; untick allows bigquery alone
  testing, no-refresh-token
                         of what consent leads to
  key-deleted, account-deleted, clock
                         of the service account
  api-disabled, no-project, no-role, no-dataset-role
                         of BigQuery

Faults: METHOD PATH=ACTION[;MODIFIER]...
  METHOD    GET, POST, PATCH, DELETE or * for any
  PATH      below the Flow Service's base path (/connections, /connections/*/test), or whole
            (/ims/token/v3, /data/foundation/sandbox-management/); * is one segment
  ACTION    503 (any status 200-599, with its error document), html-502, empty-200, reset;
            apply-then-500, apply-then-reset, ... (carried out first, then answered so);
            truncate=BYTES (of the true body), slow=MILLISECONDS (the true answer, late)
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
