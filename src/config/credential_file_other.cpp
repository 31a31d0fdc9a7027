// Recognises files that people pass by mistake instead of a credential file.
#include <algorithm>
#include <array>

#include "bqconn/core/text.hpp"
#include "config/credential_file_shapes.hpp"

namespace bqconn::config::credentials {
namespace {

using json::Json;

constexpr std::string_view name_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

bool is_base64_of_json(std::string_view text) {
    // Base64 of "{" and a quote, line break or blank. Lines may be wrapped.
    return (text.starts_with("eyJ") || text.starts_with("ewo") || text.starts_with("ew0K") ||
            text.starts_with("eyA")) &&
           text.find_first_not_of(
               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
               "+/=-_\r\n") == std::string_view::npos;
}

bool is_dotenv(std::string_view text) {
    for (const auto& line : split(text, '\n')) {
        auto content = trim_ascii(line);
        if (content.empty() || content.starts_with('#')) {
            continue;
        }
        if (content.starts_with("export ")) {
            content = trim_ascii(content.substr(7));
        }
        const auto end = content.find_first_not_of(name_characters);
        return end != 0 && end != std::string_view::npos &&
               trim_ascii(content.substr(end)).starts_with('=');
    }
    return false;
}

struct Kind {
    std::string_view type;
    const char* what;
    const char* hint;
};

// Google credentials without a key or refresh token of their own.
constexpr const char* not_for_adobe =
    "Adobe cannot use it: use a service-account key, or an OAuth client and a refresh token";
constexpr std::array google_types{
    Kind{"external_account", "a workload identity federation file (external_account)",
         not_for_adobe},
    Kind{"external_account_authorized_user",
         "a workforce identity federation file (external_account_authorized_user)", not_for_adobe},
    Kind{"impersonated_service_account",
         "a gcloud service-account impersonation file (impersonated_service_account)",
         not_for_adobe},
    Kind{"gdch_service_account", "a Google Distributed Cloud key (gdch_service_account)",
         not_for_adobe},
};

}  // namespace

Instead what_text_is(std::string_view text) {
    const auto content = trim_ascii(text);
    if (content.empty()) {
        return {"empty", "download it again"};
    }
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
        return {"UTF-16 text", "save it as UTF-8, without a byte-order mark"};
    }
    // DER: a SEQUENCE with a long length.
    if (text.size() > 1 && text[0] == '0' && static_cast<unsigned char>(text[1]) >= 0x80) {
        return {"a binary key file (.p12, .pfx or DER)",
                "create a JSON key for the same service account"};
    }
    if (text.starts_with("PK\x03\x04")) {
        return {"a ZIP archive", "unpack it"};
    }
    if (content.starts_with("-----BEGIN ")) {
        return {"a bare PEM, without the JSON around it",
                "use the whole JSON file as downloaded from Google"};
    }
    if (content.starts_with('<')) {
        return {"a web page or XML", "sign in and download it again"};
    }
    if (is_base64_of_json(content)) {
        return {"a JSON file in Base64",
                "use it exactly as downloaded, bqconn encodes it itself; to decode it: "
                "base64 -d FILE > key.json"};
    }
    if (is_dotenv(content)) {
        return {"a dotenv file", "pass it with --env-file"};
    }
    if (content.find_first_of(" \t\r\n\"{[") == std::string_view::npos) {
        return {"a single word, such as a token or a secret",
                "pass a single secret as @FILE to its flag"};
    }
    return {};
}

Instead what_json_is(const Json& document) {
    if (document.is_string()) {
        return {"JSON inside a JSON string: it was encoded twice", "use it exactly as downloaded"};
    }
    if (!document.is_object()) {
        return {"JSON, but not an object", "use the file exactly as downloaded"};
    }
    const std::string type = json::string_at(document, "type");
    const auto* const kind = std::find_if(google_types.begin(), google_types.end(),
                                          [&](const Kind& known) { return known.type == type; });
    if (kind != google_types.end()) {
        return {kind->what, kind->hint};
    }
    if (document.contains("info") && document.contains("item")) {
        return {"a Postman collection", "export the environment, not the collection"};
    }
    if (document.contains("access_token")) {
        return {"a token response", "pass the token itself with --access-token"};
    }
    if (document.contains("private_key")) {
        return {"a key file whose \"type\" is not \"service_account\"",
                "use it exactly as downloaded"};
    }
    return {};
}

}  // namespace bqconn::config::credentials
