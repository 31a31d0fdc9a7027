#include "core/reading.hpp"

#include <cstdint>
#include <utility>

#include "core/escapes.hpp"

namespace bqconn {
namespace {

constexpr int most_rounds = 3;
constexpr std::string_view first_of_escapes = "%\\&";

void append(Reading& reading, std::string_view bytes, Span span) {
    for (const char c : bytes) {
        reading.bytes += c;
        reading.spans.push_back(span);
    }
}

// Undoes each escape once; false if there was none.
bool undo_escapes(Reading& reading) {
    if (reading.bytes.find_first_of(first_of_escapes) == std::string::npos) {
        return false;
    }
    Reading plain;
    plain.bytes.reserve(reading.bytes.size());
    plain.spans.reserve(reading.bytes.size());
    const std::string_view all = reading.bytes;
    for (std::size_t at = 0; at < all.size();) {
        const auto unit = first_of_escapes.find(all[at]) == std::string_view::npos
                              ? std::nullopt
                              : any_escape_at(all.substr(at));
        const std::size_t length = unit ? unit->length : 1;
        const Span span{reading.spans[at].start, reading.spans[at + length - 1].end};
        append(plain, unit ? std::string_view(unit->bytes) : all.substr(at, 1), span);
        at += length;
    }
    const bool changed = plain.bytes.size() != reading.bytes.size();
    reading = std::move(plain);
    return changed;
}

bool is_unseen(std::uint32_t c) {
    return c <= 0x20 || (c >= 0x7f && c <= 0xa0) || c == 0xad || c == 0x34f || c == 0x61c ||
           c == 0x1680 || c == 0x180e || (c >= 0x2000 && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202f) || (c >= 0x205f && c <= 0x206f) || c == 0x3000 ||
           (c >= 0xfe00 && c <= 0xfe0f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffd) ||
           (c >= 0xe0000 && c <= 0xe01ef);
}

// The length of an invisible character at the start of `text` (U+FFFD counts as one); 0 if none.
std::size_t unseen_at(std::string_view text) {
    const auto first = static_cast<unsigned char>(text[0]);
    if (first < 0x80) {
        return is_unseen(first) || first == '\\' ? 1 : 0;
    }
    if (first < 0xc0) {
        return 0;
    }
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (text.size() < length) {
        return 0;
    }
    std::uint32_t c = first & (0xffU >> (length + 1));
    for (const char next : text.substr(1, length - 1)) {
        if ((static_cast<unsigned char>(next) & 0xc0U) != 0x80) {
            return 0;
        }
        c = (c << 6) | (static_cast<unsigned char>(next) & 0x3fU);
    }
    return is_unseen(c) ? length : 0;
}

char folded(char c) {
    if (c >= 'A' && c <= 'Z') {
        return static_cast<char>(c - 'A' + 'a');
    }
    return c == '+' ? '-' : c == '_' ? '/' : c;
}

}  // namespace

Reading read_plainly(std::string_view text) {
    Reading reading;
    reading.bytes = text;
    reading.spans.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        reading.spans.push_back({at, at + 1});
    }
    for (int round = 0; round < most_rounds && undo_escapes(reading); ++round) {
    }
    std::size_t kept = 0;
    for (std::size_t at = 0; at < reading.bytes.size();) {
        const auto unseen = unseen_at(std::string_view(reading.bytes).substr(at));
        if (unseen == 0) {
            reading.bytes[kept] = folded(reading.bytes[at]);
            reading.spans[kept++] = reading.spans[at++];
        } else {
            at += unseen;
        }
    }
    reading.bytes.resize(kept);
    reading.spans.resize(kept);
    return reading;
}

}  // namespace bqconn
