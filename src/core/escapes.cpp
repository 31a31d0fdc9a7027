#include "core/escapes.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "bqconn/core/text.hpp"

namespace bqconn {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

std::string utf8_of(std::uint32_t c) {
    std::string out;
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xc0 | (c >> 6));
        out += static_cast<char>(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        out += static_cast<char>(0xe0 | (c >> 12));
        out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
        out += static_cast<char>(0x80 | (c & 0x3f));
    } else {
        out += static_cast<char>(0xf0 | (c >> 18));
        out += static_cast<char>(0x80 | ((c >> 12) & 0x3f));
        out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
        out += static_cast<char>(0x80 | (c & 0x3f));
    }
    return out;
}

std::optional<unsigned> number(std::string_view digits, unsigned base) {
    unsigned value = 0;
    for (const char c : digits) {
        const int digit = hex_digit(c);
        if (digit < 0 || static_cast<unsigned>(digit) >= base) {
            return std::nullopt;
        }
        value = value * base + static_cast<unsigned>(digit);
    }
    return value;
}

// \xHH, \OOO, \'.
std::optional<Unit> escape_of_c(std::string_view text) {
    if (text.size() >= 2 && text[1] == '\'') {
        return Unit{"'", 2};
    }
    if (text.size() < 4) {
        return std::nullopt;
    }
    const bool hex = text[1] == 'x';
    const auto value = hex ? number(text.substr(2, 2), 16) : number(text.substr(1, 3), 8);
    if (!value || *value > 0xff) {
        return std::nullopt;
    }
    return Unit{std::string(1, static_cast<char>(*value)), 4};
}

std::optional<Unit> reference_of_html(std::string_view text) {
    constexpr std::size_t longest = 12;
    using Named = std::pair<std::string_view, std::string_view>;
    constexpr std::array<Named, 15> names{{{"amp", "&"},
                                           {"quot", "\""},
                                           {"apos", "'"},
                                           {"lt", "<"},
                                           {"gt", ">"},
                                           {"sol", "/"},
                                           {"bsol", "\\"},
                                           {"plus", "+"},
                                           {"equals", "="},
                                           {"lowbar", "_"},
                                           {"period", "."},
                                           {"colon", ":"},
                                           {"nbsp", " "},
                                           {"tab", "\t"},
                                           {"newline", "\n"}}};
    const auto end = text.substr(0, longest).find(';');
    if (end == std::string_view::npos || end < 2) {
        return std::nullopt;
    }
    const std::string name = to_lower_ascii(text.substr(1, end - 1));
    if (name[0] != '#') {
        const auto* const found =
            std::find_if(names.begin(), names.end(),
                         [&name](const Named& named) { return named.first == name; });
        return found == names.end() ? std::nullopt
                                    : std::optional(Unit{std::string(found->second), end + 1});
    }
    const bool hex = name.size() > 1 && name[1] == 'x';
    const auto digits = std::string_view(name).substr(hex ? 2 : 1);
    const auto value = number(digits, hex ? 16 : 10);
    if (digits.empty() || !value || *value > 0x10ffff) {
        return std::nullopt;
    }
    return Unit{utf8_of(*value), end + 1};
}

}  // namespace

std::optional<Unit> escape_at(std::string_view text) {
    if (text.size() >= 3 && text[0] == '%') {
        if (const auto value = number(text.substr(1, 2), 16)) {
            return Unit{std::string(1, static_cast<char>(*value)), 3};
        }
    }
    if (text.size() < 2 || text[0] != '\\') {
        return std::nullopt;
    }
    if (text[1] == 'u' && text.size() >= 6) {
        const auto high = number(text.substr(2, 4), 16);
        if (!high) {
            return std::nullopt;
        }
        if (*high >= 0xd800 && *high < 0xdc00 && text.size() >= 12 && text.substr(6, 2) == "\\u") {
            const auto low = number(text.substr(8, 4), 16);
            if (low && *low >= 0xdc00 && *low < 0xe000) {
                return Unit{utf8_of(0x10000 + ((*high - 0xd800) << 10) + (*low - 0xdc00)), 12};
            }
        }
        return Unit{utf8_of(*high), 6};
    }
    constexpr std::string_view names = "\"\\/bfnrt";
    constexpr std::string_view meant = "\"\\/\b\f\n\r\t";
    const auto at = names.find(text[1]);
    if (at == std::string_view::npos) {
        return std::nullopt;
    }
    return Unit{std::string(1, meant[at]), 2};
}

std::optional<Unit> any_escape_at(std::string_view text) {
    if (auto unit = escape_at(text)) {
        return unit;
    }
    if (text.starts_with('\\')) {
        return escape_of_c(text);
    }
    return text.starts_with('&') ? reference_of_html(text) : std::nullopt;
}

}  // namespace bqconn
