// Dotenv text is read, or refused with `config` without quoting it. A value written as documented
// is read unchanged.
#include "bqconn/config/dotenv.hpp"

#include "bqconn/core/text.hpp"
#include "fuzz/fuzz.hpp"

using namespace bqconn;

namespace {

void check_read(const std::string& line, std::string_view value) {
    const auto entries = config::parse_dotenv(line, "x.env");
    fuzz::require(entries.size() == 1 && entries.front().value.reveal() == value,
                  "a quoted value is read unchanged", line);
}

void check_round_trip(std::string_view value) {
    if (!is_utf8(value) || value.find('\0') != std::string_view::npos) {
        return;
    }
    if (value.find('`') == std::string_view::npos) {
        std::string escaped;
        for (const char c : value) {
            constexpr std::string_view special = "\n\t\r\"\\$";
            constexpr std::string_view letters = "ntr\"\\$";
            const auto at = special.find(c);
            escaped +=
                at == std::string_view::npos ? std::string(1, c) : std::string{'\\', letters[at]};
        }
        check_read("BQCONN_A=\"" + escaped + "\"", value);
    }
    if (value.find_first_of("'\\\r\n") == std::string_view::npos) {
        check_read("BQCONN_A='" + std::string(value) + "'", value);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    check_round_trip(fuzz::text_of(data, size));
    const std::string text = fuzz::with_canary(fuzz::text_of(data, size));
    try {
        for (const auto& entry : config::parse_dotenv(text, "x.env")) {
            fuzz::require(entry.name.starts_with("BQCONN_"), "all names start with BQCONN_");
            fuzz::require(entry.line > 0, "lines count from 1");
            fuzz::require(entry.value.reveal().find('\0') == std::string::npos,
                          "no value contains NUL");
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
