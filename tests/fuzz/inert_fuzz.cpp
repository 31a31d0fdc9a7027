// Inert text contains nothing that acts on a terminal or a CI runner, and inert() is idempotent.
// Inert JSON has the same meaning.
#include "bqconn/core/inert.hpp"

#include "bqconn/json/parse.hpp"
#include "fuzz/fuzz.hpp"

using namespace bqconn;

namespace {

void check_json(std::string_view text) {
    const json::Json value =
        json::Json::parse(text, nullptr, /*allow_exceptions=*/false, /*ignore_comments=*/false);
    // Even if the parser accepts it, a string in it may not be UTF-8.
    if (value.is_discarded()) {
        return;
    }
    const std::string plain = value.dump(-1, ' ', false, json::Json::error_handler_t::replace);
    const std::string shown = inert_json(plain);
    fuzz::require(fuzz::is_inert(shown), "JSON is inert", shown);
    fuzz::require(json::Json::parse(shown) == json::Json::parse(plain), "JSON keeps its value",
                  shown);
    fuzz::require(inert_json(shown) == shown, "inert_json is idempotent", shown);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = fuzz::text_of(data, size);
    const std::string text = inert_text(input);
    fuzz::require(fuzz::is_inert(text), "text is inert", text);
    fuzz::require(inert_text(text) == text, "inert_text is idempotent", text);
    const std::string line = inert_line(input);
    fuzz::require(fuzz::is_inert(line), "a line is inert", line);
    fuzz::require(line.find('\n') == std::string::npos, "a line has no line break", line);
    fuzz::require(inert_line(line) == line, "inert_line is idempotent", line);
    check_json(input);
    // Any text as a string in a document.
    check_json(json::Json(inert_text(input)).dump());
    check_json(
        json::Json(std::string(input)).dump(-1, ' ', false, json::Json::error_handler_t::replace));
    return 0;
}
