#include "bqconn/emulator/identity.hpp"

#include "bqconn/crypto/encoding.hpp"

namespace bqconn::emulator {
namespace {

std::string made_up(const std::string& what) {
    return "emulated-" + what + "-" + crypto::random_hex(12);
}

// 24 upper-case hexadecimal digits, like Adobe's.
std::string make_up_org_id() {
    std::string digits = crypto::random_hex(12);
    for (char& c : digits) {
        if (c >= 'a' && c <= 'f') {
            c = static_cast<char>(c - 'a' + 'A');
        }
    }
    return digits + "@AdobeOrg";
}

}  // namespace

Identity make_up_identity() {
    Identity identity;
    identity.api_key = made_up("api-key");
    identity.api_secret = Secret(made_up("api-secret"));
    identity.org_id = make_up_org_id();
    identity.project = "emulated-project";
    identity.client_id = made_up("client") + ".apps.googleusercontent.com";
    identity.client_secret = Secret(made_up("client-secret"));
    identity.refresh_token = Secret(made_up("refresh-token"));
    return identity;
}

}  // namespace bqconn::emulator
