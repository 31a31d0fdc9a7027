#include "bqconn/emulator/given_files.hpp"

#include "bqconn/crypto/encoding.hpp"
#include "bqconn/emulator/google_consent_page.hpp"
#include "bqconn/emulator/google_token.hpp"
#include "bqconn/emulator/store.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::emulator {
namespace {

constexpr std::size_t key_id_bytes = 20;

using json::OrderedJson;

std::string file_text(const OrderedJson& document) {
    return document.dump(2) + "\n";
}

}  // namespace

std::string service_account_email(const Identity& identity) {
    return "reader@" + identity.project + ".iam.gserviceaccount.com";
}

std::string service_account_key_text(const Identity& identity, const Secret& private_key,
                                     const std::string& url) {
    return file_text(OrderedJson{{"type", "service_account"},
                                 {"project_id", identity.project},
                                 {"private_key_id", crypto::random_hex(key_id_bytes)},
                                 {"private_key", private_key.reveal()},
                                 {"client_email", service_account_email(identity)},
                                 {"client_id", "100000000000000000001"},
                                 {"auth_uri", url + consent_path},
                                 {"token_uri", url + google_token_path},
                                 {"universe_domain", "googleapis.com"}});
}

std::string oauth_client_text(const Identity& identity, const std::string& url) {
    return file_text(OrderedJson{{"installed",
                                  {{"client_id", identity.client_id},
                                   {"project_id", identity.project},
                                   {"auth_uri", url + consent_path},
                                   {"token_uri", url + google_token_path},
                                   {"client_secret", identity.client_secret.reveal()},
                                   {"redirect_uris", OrderedJson::array({"http://localhost"})}}}});
}

std::string adobe_credentials_text(const Identity& identity, const std::string& sandbox_name) {
    return file_text(OrderedJson{{"org_id", identity.org_id},
                                 {"client_id", identity.api_key},
                                 {"secret", identity.api_secret.reveal()},
                                 {"sandbox-name", sandbox_name},
                                 {"environment", "prod"},
                                 {"scopes", usual_scopes}});
}

}  // namespace bqconn::emulator
