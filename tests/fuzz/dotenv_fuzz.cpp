// Dotenv text is read, or refused with `config` and without a word of it.
#include "bqconn/config/dotenv.hpp"

#include "fuzz/fuzz.hpp"

using namespace bqconn;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text = fuzz::with_canary(fuzz::text_of(data, size));
    try {
        for (const auto& entry : config::parse_dotenv(text, "x.env")) {
            fuzz::require(entry.name.starts_with("BQCONN_"), "the names are ours");
            fuzz::require(entry.line > 0, "lines count from 1");
            fuzz::require(entry.value.reveal().find('\0') == std::string::npos,
                          "no value holds NUL");
        }
    } catch (const Error& error) {
        fuzz::require(error.exit_code() == ExitCode::config, "the exit code is config");
        fuzz::require(fuzz::all_of(error).find(fuzz::canary) == std::string::npos,
                      "no value is quoted", fuzz::all_of(error));
        fuzz::require(fuzz::is_inert(fuzz::all_of(error)), "the message is inert",
                      fuzz::all_of(error));
    }
    return 0;
}
