// A command line, one argument per line, is understood, or refused with `usage` and without a
// value.
#include "bqconn/cli/parse.hpp"
#include "bqconn/core/text.hpp"
#include "fuzz/fuzz.hpp"

using namespace bqconn;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto arguments = split(fuzz::with_canary(fuzz::text_of(data, size)), '\n');
    try {
        cli::parse(arguments);
    } catch (const Error& error) {
        fuzz::require(error.exit_code() == ExitCode::usage, "the exit code is usage",
                      fuzz::all_of(error));
        fuzz::require(fuzz::all_of(error).find(fuzz::canary) == std::string::npos,
                      "no value is quoted", fuzz::all_of(error));
        fuzz::check_shown(error);
    }
    return 0;
}
