#include "bqconn/core/secret_shape.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"

namespace bqconn {
namespace {

constexpr std::string_view alphanumeric =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

bool is_in(std::string_view set, char c) {
    return set.find(c) != std::string_view::npos;
}

bool is_alphanumeric(char c) {
    return is_in(alphanumeric, c);
}

bool is_of_token(char c) {
    return is_alphanumeric(c) || c == '-' || c == '_';
}

bool is_of_base64(char c) {
    return is_alphanumeric(c) || c == '+' || c == '/' || c == '=';
}

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// The length of the start of `text` whose characters all satisfy `is_of`.
template <typename Predicate>
std::size_t span_of(std::string_view text, const Predicate& is_of) {
    return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_of) -
                                    text.begin());
}

// ---- tokens

struct Prefix {
    std::string_view text;
    std::size_t fewest;  // characters of a token after it
    SecretShape shape;
};

constexpr std::array prefixes{
    Prefix{"p8e-", 8, SecretShape::adobe_client_secret},
    Prefix{"s8e-", 8, SecretShape::adobe_client_secret},
    Prefix{"GOCSPX-", 8, SecretShape::google_client_secret},
    Prefix{"1//", 10, SecretShape::google_refresh_token},
    Prefix{"ya29.", 8, SecretShape::google_access_token},
};

// A JSON web token begins with Base64 of {" and has its second part after a dot.
bool is_web_token(std::string_view text) {
    constexpr std::size_t shortest_header = 12;
    const std::size_t header = span_of(text, is_of_token);
    return text.starts_with("eyJ") && header >= shortest_header && header + 1 < text.size() &&
           text[header] == '.' && is_of_token(text[header + 1]);
}

std::optional<SecretShape> token_in(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (at > 0 && is_alphanumeric(text[at - 1])) {
            continue;
        }
        const auto rest = text.substr(at);
        for (const auto& prefix : prefixes) {
            if (rest.starts_with(prefix.text) &&
                span_of(rest.substr(prefix.text.size()), is_of_token) >= prefix.fewest) {
                return prefix.shape;
            }
        }
        if (is_web_token(rest)) {
            return SecretShape::access_token;
        }
    }
    return std::nullopt;
}

// ---- Base64

struct Mixture {
    bool lower = false;
    bool upper = false;
    bool digit = false;
    bool restless = false;  // the kind of character changes often, as in random text
};

Mixture mixture_of(std::string_view text) {
    constexpr double fewest_changes = 0.4;  // per character; random Base64 has about 0.6
    const auto kind = [](char c) {
        return c >= 'a' && c <= 'z' ? 0 : c >= 'A' && c <= 'Z' ? 1 : c >= '0' && c <= '9' ? 2 : 3;
    };
    std::array<bool, 4> seen{};
    std::size_t changes = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        seen.at(static_cast<std::size_t>(kind(text[at]))) = true;
        changes += at > 0 && kind(text[at]) != kind(text[at - 1]) ? 1 : 0;
    }
    return {.lower = seen[0],
            .upper = seen[1],
            .digit = seen[2],
            .restless =
                static_cast<double>(changes) >= fewest_changes * static_cast<double>(text.size())};
}

// Whether `text` has a run of at least `shortest` characters of Base64 that look random.
bool has_base64(std::string_view text, std::size_t shortest) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = span_of(text.substr(at), is_of_base64);
        if (length >= shortest) {
            const Mixture run = mixture_of(text.substr(at, length));
            if (run.lower && run.upper && run.digit && run.restless) {
                return true;
            }
        }
        at += length + 1;
    }
    return false;
}

// Base64 of a PEM, of JSON ("{", then a quote or white space), or of a key in DER form.
bool is_encoded_key(std::string_view text) {
    constexpr std::size_t shortest = 60;
    constexpr std::array<std::string_view, 6> starts{"eyJ", "ewo", "ewk", "ew0K", "eyA", "MII"};
    const bool known = std::any_of(starts.begin(), starts.end(),
                                   [text](auto start) { return text.starts_with(start); });
    return contains(text, "LS0tLS1CRUdJTi") ||
           (known && text.size() >= shortest && std::all_of(text.begin(), text.end(), [](char c) {
                return is_of_base64(c) || is_in("-_\r\n ", c);
            }));
}

// ---- documents

// An object, or a line of one; also in quotes or escaped, as JSON inside JSON.
bool is_json(std::string_view text) {
    const auto start = text.find_first_not_of(" \t\r\n'\\");
    if (start == std::string_view::npos || !is_in("{[\"", text[start])) {
        return false;
    }
    for (auto at = text.find('"', start + 1); at != std::string_view::npos;
         at = text.find('"', at + 1)) {
        const auto next = text.find_first_not_of(" \t\r\n", at + 1);
        if (next != std::string_view::npos && text[next] == ':') {
            return true;
        }
    }
    return false;
}

// The name before the first "="; empty if the text is not an assignment.
std::string_view assigned_name(std::string_view text) {
    constexpr std::string_view keyword = "export ";
    text = trim_ascii(text);
    text = text.starts_with(keyword) ? trim_ascii(text.substr(keyword.size())) : text;
    const auto name =
        text.substr(0, span_of(text, [](char c) { return is_alphanumeric(c) || c == '_'; }));
    const auto rest = text.substr(name.size());
    return rest.size() > 1 && rest.front() == '=' && rest.find_first_not_of('=') != rest.npos
               ? name
               : std::string_view();
}

bool is_assignment(std::string_view text) {
    const std::string name = to_lower_ascii(assigned_name(text));
    return name.starts_with("bqconn_") || contains(name, "secret") || contains(name, "token") ||
           contains(name, "password") || contains(name, "_key");
}

// A long mix of letters and digits, or of upper and lower case at random.
bool is_opaque(std::string_view word) {
    constexpr std::size_t shortest = 16;
    const Mixture mixture = mixture_of(word);
    const bool letters = mixture.lower || mixture.upper;
    return word.size() >= shortest && !contains(word, " ") &&
           ((letters && mixture.digit) || (mixture.lower && mixture.upper && mixture.restless));
}

}  // namespace

std::string_view name_of(SecretShape shape) {
    constexpr std::array<std::string_view, 10> names{"JSON",
                                                     "PEM",
                                                     "a key in Base64",
                                                     "Base64 text",
                                                     "a NAME=value line",
                                                     "an Adobe client secret",
                                                     "a Google client secret",
                                                     "a Google refresh token",
                                                     "a Google access token",
                                                     "an access token"};
    return names.at(static_cast<std::size_t>(shape));
}

std::optional<SecretShape> secret_shape(std::string_view text) {
    constexpr std::size_t shortest_base64 = 60;  // a line of a PEM has 64
    text = without_bom(text);
    if (contains(text, "-----BEGIN ") || contains(text, "-----END ")) {
        return is_json(text) ? SecretShape::json : SecretShape::pem;
    }
    if (is_json(text)) {
        return SecretShape::json;
    }
    if (is_assignment(text)) {
        return SecretShape::assignment;
    }
    if (const auto token = token_in(text)) {
        return token;
    }
    if (is_encoded_key(text)) {
        return SecretShape::encoded_key;
    }
    return has_base64(text, shortest_base64) ? std::optional(SecretShape::base64) : std::nullopt;
}

std::string in_quotes(std::string_view text) {
    return secret_shape(text) ? "(not shown: it may be a secret)" : "\"" + inert_line(text) + "\"";
}

bool is_plainly_a_name(std::string_view text) {
    return !secret_shape(text) && !is_opaque(text);
}

bool is_plainly_a_path(std::string_view text) {
    constexpr std::size_t longest_part = 255;
    constexpr std::size_t shortest_base64 = 20;
    constexpr std::size_t longest_word = 32;
    if (has_control_character(text) || secret_shape(text) || !assigned_name(text).empty()) {
        return false;
    }
    const auto parts = split(text, '/');
    if (std::any_of(parts.begin(), parts.end(),
                    [](const std::string& part) { return part.size() > longest_part; })) {
        return false;
    }
    // Quotes around a path have their own message; they do not make it a secret.
    const auto start = text.substr(std::min(text.find_first_not_of("\"'"), text.size()));
    const bool from_a_folder = start.starts_with('/') || start.starts_with("./") ||
                               start.starts_with("../") || start.starts_with('~');
    const bool bare_word = text.find_first_of("./") == text.npos;
    return from_a_folder ||
           (text.find_first_of("+=") == text.npos && !has_base64(text, shortest_base64) &&
            (contains(text, ".") || !is_opaque(text)) &&
            !(bare_word && (text.size() >= longest_word || contains(text, " "))));
}

}  // namespace bqconn
