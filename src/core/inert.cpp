#include "bqconn/core/inert.hpp"

#include <utf8.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <iterator>

#include "bqconn/core/text.hpp"

namespace bqconn {
namespace {

// Code points that change what a terminal or an editor shows: controls, bidirectional marks,
// invisible separators and fillers, tags, noncharacters' neighbour U+FEFF.
bool is_dangerous(char32_t c) {
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0xad || c == 0x61c || c == 0x180e ||
           (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
           (c >= 0xe0000 && c <= 0xe007f);
}

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Where the next command of a runner starts ("##[", "##vso[", "##teamcity["), from `from` on.
std::size_t find_command(std::string_view text, std::size_t from) {
    for (auto at = text.find("##", from); at != std::string_view::npos;
         at = text.find("##", at + 1)) {
        auto end = at + 2;
        while (end < text.size() && is_letter_or_digit(text[end])) {
            ++end;
        }
        if (end < text.size() && text[end] == '[') {
            return at;
        }
    }
    return std::string_view::npos;
}

// The Unicode white space that was not replaced before.
bool is_blank(char32_t c) {
    return c == ' ' || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f ||
           c == 0x205f || c == 0x3000;
}

void break_runner_commands(std::string& text) {
    for (auto at = find_command(text, 0); at != std::string::npos; at = find_command(text, at)) {
        text.insert(at + 1, " ");
    }
    // Runners trim a line before checking its start.
    for (std::size_t line = 0; line < text.size();) {
        auto start = text.cbegin() + static_cast<std::ptrdiff_t>(line);
        while (start != text.cend() && is_blank(utf8::peek_next(start, text.cend()))) {
            utf8::next(start, text.cend());
        }
        const auto at = static_cast<std::size_t>(start - text.cbegin());
        if (text.compare(at, 2, "::") == 0) {
            text.insert(at + 1, " ");
        }
        const auto end = text.find('\n', line);
        if (end == std::string::npos) {
            break;
        }
        line = end + 1;
    }
}

std::string make_inert(std::string_view text, bool keep_lines) {
    const std::string valid = replace_invalid_utf8(text);
    std::string out;
    out.reserve(valid.size());
    for (auto at = valid.begin(); at != valid.end();) {
        const char32_t c = utf8::next(at, valid.end());
        if (c == '\n' && keep_lines) {
            out += '\n';
        } else if (c == '\n' || c == '\r' || c == '\t' || c == 0x2028 || c == 0x2029) {
            if (!out.empty() && out.back() != ' ' && out.back() != '\n') {
                out += ' ';
            }
        } else if (is_dangerous(c)) {
            utf8::append(0xfffd, std::back_inserter(out));
        } else {
            utf8::append(c, std::back_inserter(out));
        }
    }
    break_runner_commands(out);
    return out;
}

void append_escape(std::string& out, std::uint16_t unit) {
    std::array<char, 8> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "\\u%04x", unit);
    out += buffer.data();
}

}  // namespace

std::string inert_line(std::string_view text) {
    return make_inert(text, false);
}

std::string inert_text(std::string_view text) {
    return make_inert(text, true);
}

std::string inert_json(std::string_view json) {
    const std::string valid = replace_invalid_utf8(json);
    std::string out;
    out.reserve(valid.size());
    for (auto at = valid.begin(); at != valid.end();) {
        if (*at >= ' ' && *at <= '~') {
            out += *at++;
            continue;
        }
        const char32_t c = utf8::next(at, valid.end());
        // A control character in serialised JSON is layout: those in strings are escaped.
        if (c < 0x20 || !is_dangerous(c)) {
            utf8::append(c, std::back_inserter(out));
        } else if (c > 0xffff) {
            append_escape(out, static_cast<std::uint16_t>(0xd800 + ((c - 0x10000) >> 10)));
            append_escape(out, static_cast<std::uint16_t>(0xdc00 + ((c - 0x10000) & 0x3ff)));
        } else {
            append_escape(out, static_cast<std::uint16_t>(c));
        }
    }
    for (auto at = find_command(out, 0); at != std::string::npos; at = find_command(out, at)) {
        out.replace(at + 1, 1, "\\u0023");
    }
    return out;
}

}  // namespace bqconn
