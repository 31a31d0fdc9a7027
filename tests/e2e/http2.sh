#!/usr/bin/env bash
# With an HTTP/2 server in front of the services, reads use HTTP/2 over one connection; changes use HTTP/1.1, each over its
# own connection.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
    -addext subjectAltName=IP:127.0.0.1 -keyout server.key -out server.pem 2>/dev/null
# The port was free, but another process may take it first: then try another.
cat >serve <<'END'
for try in {1..20}; do
    port=$((RANDOM % 20000 + 20000))
    cat >nginx.conf <<CONF
pid nginx.pid; error_log error.log; worker_processes 1; daemon off;
events { }
http {
    log_format calls '\$request_method \$server_protocol \$connection'; access_log calls.log calls;
    client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
    server {
        listen 127.0.0.1:$port ssl http2; ssl_certificate server.pem; ssl_certificate_key server.key;
        location / { proxy_pass $BQCONN_PLATFORM_URL; proxy_buffers 8 1m; proxy_buffer_size 1m; }
    }
}
CONF
    nginx -p "$PWD" -c nginx.conf -e error.log &
    server=$!
    until curl -s -o /dev/null --cacert server.pem "https://127.0.0.1:$port/"; do
        kill -0 "$server" 2>/dev/null || break
    done
    if kill -0 "$server" 2>/dev/null; then break; fi
done
: >calls.log
trap 'kill "$server"; wait' EXIT
export BQCONN_CA_FILE=$PWD/server.pem BQCONN_PLATFORM_URL=https://127.0.0.1:$port
eval "$1"
END

# calls METHOD: the distinct protocols and connections of those calls.
calls() { sed -n "s/^$1 //p" calls.log | sort -u; }

emulated --connections 500 -- bash serve '"$BQCONN" list -o ndjson --limit 500 >list && "$BQCONN" create --name one -o id'
expect_status 0
[ "$(wc -l <list)" -eq 500 ] || fail "500 are listed"
[ "$(grep -c '^GET ' calls.log)" -gt 1 ] || fail "there is more than one page"
[ "$(calls GET | wc -l)" -eq 1 ] || fail "all pages use one connection: $(calls GET)"
[[ $(calls GET) == "HTTP/2.0 "* ]] || fail "reads use HTTP/2: $(calls GET)"
[[ $(calls POST) == "HTTP/1.1 "* ]] || fail "a create uses HTTP/1.1: $(calls POST)"

emulated -- bash serve 'id=$("$BQCONN" create --test -o id) && "$BQCONN" get "$id" -o id && "$BQCONN" delete "$id" --yes'
expect_status 0
! grep -E '^(POST|DELETE) HTTP/2' calls.log || fail "changes use HTTP/1.1"
# Testing a new connection reuses the network connection of its create.
[ "$(calls GET | grep -c 'HTTP/1.1')" -eq 1 ] || fail "a read uses the open connection: $(cat calls.log)"
! sed -nE 's/^(POST|DELETE) HTTP.1.1 //p' calls.log | sort | uniq -d | grep . || fail "each change has its own connection"

finish
