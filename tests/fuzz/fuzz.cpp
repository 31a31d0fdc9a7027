#include "fuzz/fuzz.hpp"

#include <utf8.h>

#include <cctype>

#include "bqconn/json/parse.hpp"

namespace bqconn::fuzz {
namespace {

// Written again, not taken from the program: controls except the line feed, bidirectional marks,
// invisible characters, line separators, interlinear marks, tags.
bool is_forbidden(char32_t c) {
    return (c < 0x20 && c != '\n') || (c >= 0x7f && c < 0xa0) || c == 0x00ad || c == 0x061c ||
           c == 0x180e || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
           (c >= 0xe0000 && c <= 0xe007f);
}

// What .NET, which runners use, trims from a line.
bool is_white_space(char32_t c) {
    return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xa0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
           c == 0x205f || c == 0x3000;
}

// "##", an optional word, "[".
bool holds_command(std::string_view text) {
    for (auto at = text.find('['); at != std::string_view::npos; at = text.find('[', at + 1)) {
        auto word = at;
        while (word > 0 && std::isalnum(static_cast<unsigned char>(text[word - 1])) != 0) {
            --word;
        }
        if (word >= 2 && text.substr(word - 2, 2) == "##") {
            return true;
        }
    }
    return false;
}

std::string shown(const Error& error, output::Notes notes) {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    output::Console console({in, out, err});
    console.set_notes(notes);
    console.hide(Secret(canary));
    console.error(error);
    require(out.str().empty(), "an error writes nothing to stdout");
    return err.str();
}

}  // namespace

bool is_inert(std::string_view text) {
    if (!utf8::is_valid(text.begin(), text.end()) || holds_command(text)) {
        return false;
    }
    bool at_start = true;
    for (auto at = text.begin(); at != text.end();) {
        const std::string_view rest(&*at, static_cast<std::size_t>(text.end() - at));
        if (at_start && rest.starts_with("::")) {
            return false;
        }
        const char32_t c = utf8::next(at, text.end());
        if (is_forbidden(c)) {
            return false;
        }
        at_start = c == '\n' || (at_start && is_white_space(c));
    }
    return true;
}

void check_shown(const Error& error) {
    for (const auto notes : {output::Notes::text, output::Notes::json}) {
        const std::string text = shown(error, notes);
        require(is_inert(text), "the output is inert", text);
        require(text.find(canary) == std::string::npos, "a known secret is not shown", text);
        if (notes == output::Notes::json) {
            require(json::parse(text).contains("error"), "the error is a JSON document", text);
        }
    }
}

http::Response response_of(std::string_view input) {
    http::Response response;
    if (input.size() < 2) {
        response.status = 201;
        return response;
    }
    const auto number =
        static_cast<unsigned char>(input[0]) * 256U + static_cast<unsigned char>(input[1]);
    // Half of the inputs get a success status.
    response.status = number % 2 == 0 ? 200 + static_cast<int>(number / 2 % 2)
                                      : 200 + static_cast<int>(number % 400);
    input.remove_prefix(2);
    if (input.starts_with("H:")) {
        const auto end = input.find('\n');
        response.headers.push_back({"x-request-id", std::string(input.substr(2, end - 2))});
        input.remove_prefix(end == std::string_view::npos ? input.size() : end + 1);
    }
    response.body = with_canary(input);
    return response;
}

}  // namespace bqconn::fuzz
