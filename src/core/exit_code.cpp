#include "bqconn/core/exit_code.hpp"

#include <array>

namespace bqconn {

std::span<const ExitCodeRow> exit_codes() {
    static constexpr std::array rows{
        ExitCodeRow{ExitCode::ok, "ok", "success"},
        ExitCodeRow{ExitCode::internal, "internal", "a bug in bqconn"},
        ExitCodeRow{ExitCode::usage, "usage", "bad flag or value; nothing was changed"},
        ExitCodeRow{ExitCode::config, "config",
                    "a file is missing, unreadable, too open or malformed"},
        ExitCodeRow{ExitCode::auth, "auth", "token refused, 401, 403"},
        ExitCodeRow{ExitCode::rejected, "rejected",
                    "the service refused the request (other 4xx), or the connection test failed"},
        ExitCodeRow{ExitCode::not_found, "not_found", "not found (404)"},
        ExitCodeRow{ExitCode::conflict, "conflict", "it already exists or has changed (409, 412)"},
        ExitCodeRow{ExitCode::unavailable, "unavailable", "429 or 5xx; nothing was changed"},
        ExitCodeRow{ExitCode::network, "network",
                    "DNS, connection, proxy or timeout; nothing was changed"},
        ExitCodeRow{ExitCode::unknown, "unknown",
                    "a change was sent but its outcome is unknown: check before running again"},
        ExitCodeRow{ExitCode::partial, "partial", "only some of the operations were done"},
        ExitCodeRow{ExitCode::bad_response, "bad_response", "a read got an invalid response"},
        ExitCodeRow{ExitCode::output, "output",
                    "done, but stdout could not be written; the id is on stderr"},
        ExitCodeRow{ExitCode::tls, "tls", "certificate or TLS error"},
    };
    return rows;
}

}  // namespace bqconn
