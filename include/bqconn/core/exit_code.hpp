// The exit codes, a stable interface (docs/cli.md).
#pragma once

#include <span>
#include <string_view>

namespace bqconn {

enum class ExitCode : int {
    ok = 0,
    internal = 1,
    usage = 2,
    config = 3,
    auth = 4,
    rejected = 5,
    not_found = 6,
    conflict = 7,
    unavailable = 8,
    network = 9,
    unknown = 10,
    partial = 11,
    bad_response = 12,
    output = 13,
    tls = 14,
};

struct ExitCodeRow {
    ExitCode code;
    std::string_view name;
    std::string_view meaning;
};

// Every exit code, in numeric order, for help and tests.
std::span<const ExitCodeRow> exit_codes();

}  // namespace bqconn
