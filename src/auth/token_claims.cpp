#include "bqconn/auth/token_claims.hpp"

#include <charconv>
#include <cstdint>

#include "bqconn/crypto/jwt.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::auth {
namespace {

using std::chrono::milliseconds;

std::optional<milliseconds> milliseconds_at(const json::Json& claims, const char* key) {
    constexpr std::int64_t most = 100'000'000'000'000;  // the year 5138
    std::int64_t number = -1;
    if (const auto found = claims.find(key); found != claims.end() && found->is_number_integer()) {
        number = found->get<std::int64_t>();
    } else {
        const std::string text = json::string_at(claims, key);
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc() || end != text.data() + text.size()) {
            return std::nullopt;
        }
    }
    return number < 0 || number > most ? std::nullopt : std::optional(milliseconds(number));
}

}  // namespace

TokenClaims claims_of(const Secret& token) {
    const auto text = crypto::unverified_claims(token.reveal());
    if (!text) {
        return {};
    }
    json::Json claims;
    try {
        claims = json::parse(*text);
    } catch (const json::ParseError&) {
        return {};
    }
    if (!claims.is_object()) {
        return {};
    }
    TokenClaims found{json::string_at(claims, "client_id"), std::nullopt};
    const auto created = milliseconds_at(claims, "created_at");
    const auto lifetime = milliseconds_at(claims, "expires_in");
    if (created && lifetime) {
        found.expires_at = std::chrono::sys_seconds(
            std::chrono::floor<std::chrono::seconds>(*created + *lifetime));
    }
    return found;
}

}  // namespace bqconn::auth
