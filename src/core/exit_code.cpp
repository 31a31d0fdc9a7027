#include "bqconn/core/exit_code.hpp"

#include <array>

namespace bqconn {

std::span<const ExitCodeRow> exit_codes() {
    static constexpr std::array rows{
        ExitCodeRow{ExitCode::ok, "ok", "done as asked"},
        ExitCodeRow{ExitCode::internal, "internal", "a bug in bqconn"},
        ExitCodeRow{ExitCode::usage, "usage", "bad flag or value; nothing was sent"},
        ExitCodeRow{ExitCode::config, "config",
                    "a file is missing, unreadable, too open or malformed"},
        ExitCodeRow{ExitCode::auth, "auth", "token refused, 401, 403"},
        ExitCodeRow{ExitCode::rejected, "rejected",
                    "the service refused the request (other 4xx); a test that is false"},
        ExitCodeRow{ExitCode::not_found, "not_found", "no such thing (404)"},
        ExitCodeRow{ExitCode::conflict, "conflict", "it exists, or was changed since (409, 412)"},
        ExitCodeRow{ExitCode::unavailable, "unavailable", "429 or 5xx, known not to be applied"},
        ExitCodeRow{ExitCode::network, "network",
                    "DNS, connect, proxy or timeout; the request did not leave"},
        ExitCodeRow{ExitCode::unknown, "unknown",
                    "the change left and no trustworthy answer came: look before running again"},
        ExitCodeRow{ExitCode::partial, "partial", "several asked for, some done"},
        ExitCodeRow{ExitCode::bad_response, "bad_response",
                    "an answer that cannot be trusted, on a read"},
        ExitCodeRow{ExitCode::output, "output",
                    "done, but stdout could not be written; the id is on stderr"},
        ExitCodeRow{ExitCode::tls, "tls", "certificate or TLS protocol"},
    };
    return rows;
}

}  // namespace bqconn
