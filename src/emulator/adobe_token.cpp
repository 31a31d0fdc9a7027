#include "bqconn/emulator/adobe_token.hpp"

#include "bqconn/crypto/encoding.hpp"
#include "bqconn/emulator/base64url.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::emulator {
namespace {

constexpr std::size_t signature_bytes = 256;  // of an RSA key of 2048 bits

std::string part(const json::Json& document) {
    return base64url(document.dump(-1, ' ', false, json::Json::error_handler_t::replace));
}

}  // namespace

std::string adobe_token(const AdobeTokenClaims& claims) {
    const json::Json header = {
        {"alg", "RS256"}, {"typ", "JWT"}, {"kid", "emulated-key"}, {"itt", "at"}};
    // Adobe writes numbers as strings and times in milliseconds.
    const json::Json payload = {
        {"client_id", claims.client_id}, {"user_id", "emulated-account@techacct.adobe.com"},
        {"type", "access_token"},        {"created_at", std::to_string(claims.created_at)},
        {"expires_in", "86400000"},      {"scope", claims.scopes}};
    return part(header) + "." + part(payload) + "." +
           base64url(bytes_of_hex(crypto::random_hex(signature_bytes)));
}

}  // namespace bqconn::emulator
