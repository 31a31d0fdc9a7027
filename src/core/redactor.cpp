#include "bqconn/core/redactor.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

namespace bqconn {
namespace {

constexpr std::size_t shortest_secret = 8;
constexpr std::size_t shortest_part = 12;
constexpr std::string_view base64_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

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

std::optional<unsigned> hex_number(std::string_view digits) {
    unsigned value = 0;
    for (const char c : digits) {
        const int digit = hex_digit(c);
        if (digit < 0) {
            return std::nullopt;
        }
        value = value * 16 + static_cast<unsigned>(digit);
    }
    return value;
}

struct Unit {
    std::string bytes;   // what is meant
    std::size_t length;  // how many bytes of the text spell it
};

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

// The escape that starts `text`, if one does: %XX, \uXXXX (a surrogate pair too), \n and its like.
std::optional<Unit> escape_at(std::string_view text) {
    if (text.size() >= 3 && text[0] == '%') {
        if (const auto value = hex_number(text.substr(1, 2))) {
            return Unit{std::string(1, static_cast<char>(*value)), 3};
        }
    }
    if (text.size() < 2 || text[0] != '\\') {
        return std::nullopt;
    }
    if (text[1] == 'u' && text.size() >= 6) {
        const auto high = hex_number(text.substr(2, 4));
        if (!high) {
            return std::nullopt;
        }
        if (*high >= 0xd800 && *high < 0xdc00 && text.size() >= 12 && text.substr(6, 2) == "\\u") {
            const auto low = hex_number(text.substr(8, 4));
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

struct Match {
    std::size_t of_secret = 0;
    std::size_t of_text = 0;
};

// How far `text` spells `secret` from its start.
Match match(std::string_view text, std::string_view secret) {
    Match found;
    while (found.of_secret < secret.size() && found.of_text < text.size()) {
        const auto rest = text.substr(found.of_text);
        const auto wanted = secret.substr(found.of_secret);
        if (const auto unit = escape_at(rest); unit && wanted.starts_with(unit->bytes)) {
            found.of_text += unit->length;
            found.of_secret += unit->bytes.size();
        } else if (rest.front() == wanted.front() ||
                   (rest.front() == '+' && wanted.front() == ' ')) {
            ++found.of_text;
            ++found.of_secret;
        } else {
            break;
        }
    }
    return found;
}

// The characters of the Base64 of any text that holds `secret` at `offset` (0, 1, 2) modulo 3, less
// those at the ends that depend on its neighbours.
std::string base64_core(std::string_view secret, std::size_t offset) {
    std::string bytes(offset, '\0');
    bytes += secret;
    std::string out;
    for (std::size_t bit = 0; bit + 6 <= bytes.size() * 8; bit += 6) {
        unsigned value = 0;
        for (std::size_t i = bit; i < bit + 6; ++i) {
            const auto byte = static_cast<unsigned char>(bytes[i / 8]);
            value = (value << 1) | ((byte >> (7 - i % 8)) & 1U);
        }
        out += base64_alphabet[value];
    }
    const std::array<std::size_t, 3> unsure{0, 2, 3};
    return out.substr(std::min(unsure[offset], out.size()));
}

}  // namespace

void Redactor::add_pattern(std::string text, std::size_t shortest) {
    patterns_.push_back({Secret(std::move(text)), shortest});
}

void Redactor::add(const Secret& secret) {
    const std::string& value = secret.reveal();
    if (value.size() < shortest_secret) {
        return;
    }
    // A text of several words or lines (a key file) begins like others of its kind: only the whole
    // counts.
    const bool one_word = value.find_first_of(" \n\t\"") == std::string::npos;
    const auto part = [one_word](const std::string& text) {
        return one_word ? std::min(text.size(), shortest_part) : text.size();
    };
    add_pattern(value, part(value));
    for (std::size_t offset = 0; offset < 3; ++offset) {
        std::string core = base64_core(value, offset);
        std::string url_core = core;
        std::replace(url_core.begin(), url_core.end(), '+', '-');
        std::replace(url_core.begin(), url_core.end(), '/', '_');
        const auto shortest = part(core);
        if (url_core != core) {
            add_pattern(std::move(url_core), shortest);
        }
        add_pattern(std::move(core), shortest);
    }
}

std::string Redactor::redact(std::string_view text, Parts parts) const {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        std::size_t longest = 0;
        for (const auto& pattern : patterns_) {
            const Match found = match(text, pattern.text.reveal());
            const auto wanted = parts == Parts::whole_only ? pattern.text.size() : pattern.shortest;
            if (found.of_secret >= wanted) {
                longest = std::max(longest, found.of_text);
            }
        }
        if (longest == 0) {
            out += text.front();
            text.remove_prefix(1);
        } else {
            out += redacted_text;
            text.remove_prefix(longest);
        }
    }
    return out;
}

}  // namespace bqconn
