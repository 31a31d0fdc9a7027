// A command line, one argument per line, is parsed, or refused with `usage` without quoting a
// value. A value after "=" arrives unchanged.
#include "bqconn/cli/parse.hpp"
#include "bqconn/core/text.hpp"
#include "fuzz/fuzz.hpp"

using namespace bqconn;

namespace {

void check_refused(const Error& error) {
    fuzz::require(error.exit_code() == ExitCode::usage, "the exit code is usage",
                  fuzz::all_of(error));
    fuzz::require(fuzz::all_of(error).find(fuzz::canary) == std::string::npos, "no value is quoted",
                  fuzz::all_of(error));
    fuzz::check_shown(error);
}

void check_value(const std::string& value) {
    const auto line = cli::read({"create", "--description=" + value});
    if (line.mistake) {
        fuzz::require(value.starts_with('-') && line.mistake->code() == "usage.missing_value",
                      "only a flag cannot be a value", value);
        return;
    }
    const auto& values = line.typed.at(config::Setting::description);
    fuzz::require(values.size() == 1 && values.front().reveal() == value,
                  "a value arrives unchanged", value);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = fuzz::text_of(data, size);
    // Creating a parser for each command line is slow: use one per input.
    if (input.starts_with('=') && input.size() > 1) {
        check_value(std::string(input.substr(1)));
        return 0;
    }
    if (const auto line = cli::read(split(fuzz::with_canary(input), '\n')); line.mistake) {
        check_refused(*line.mistake);
    }
    return 0;
}
