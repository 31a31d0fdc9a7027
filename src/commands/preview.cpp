#include "commands/preview.hpp"

#include <utility>
#include <vector>

#include "bqconn/config/assemble.hpp"
#include "bqconn/crypto/encoding.hpp"
#include "bqconn/flow/change.hpp"

namespace bqconn::commands {
namespace {

// Shell expressions in place of secrets. A random word stands for each while the text is quoted, so
// that quoting for JSON, curl and the shell does not alter it and no user value can match it.
class Placeholders {
  public:
    std::string put(const std::string& expression) {
        expressions_.push_back(expression);
        return word(expressions_.size() - 1);
    }

    std::string fill(std::string text) const {
        for (std::size_t i = 0; i < expressions_.size(); ++i) {
            const std::string wanted = word(i);
            for (auto at = text.find(wanted); at != std::string::npos; at = text.find(wanted, at)) {
                text.replace(at, wanted.size(), expressions_[i]);
                at += expressions_[i].size();
            }
        }
        return text;
    }

  private:
    std::string word(std::size_t index) const { return nonce_ + "z" + std::to_string(index) + "z"; }

    std::string nonce_ = crypto::random_hex(16);
    std::vector<std::string> expressions_;
};

// The shell expression for a secret parameter.
std::string expression_of(std::string_view parameter) {
    const Setting setting = config::setting_of(parameter);
    const std::string variable(config::spec_of(setting).variable);
    return setting == Setting::key_file ? "$(base64 -w 0 \"$" + variable + "\")"
                                        : "${" + variable + ":?}";
}

// Quotes a value for a curl config file inside an unquoted here-document. Two readers unescape it:
// the shell first (backslash, dollar sign, backquote), then curl (backslash, double quote).
std::string config_value(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '\\') {
            out += "\\\\\\\\";
        } else if (c == '"') {
            out += "\\\\\"";
        } else if (c == '$' || c == '`') {
            out += std::string("\\") + c;
        } else {
            out += c;
        }
    }
    return out + "\"";
}

std::string config_line(std::string_view option, std::string_view value) {
    return std::string(option) + " = " + config_value(value) + "\n";
}

// A missing value becomes the variable of its setting.
std::string header_line(Placeholders& places, const http::Header& header) {
    std::string value = header.value;
    for (const auto& [name, setting] :
         {std::pair{"x-api-key", Setting::api_key}, std::pair{"x-gw-ims-org-id", Setting::org_id},
          std::pair{"x-sandbox-name", Setting::sandbox_name}}) {
        if (value.empty() && header.name == name) {
            value = places.put("${" + std::string(config::spec_of(setting).variable) + ":?}");
        }
    }
    return config_line("header", header.name + ": " + value);
}

std::string token_command(Placeholders& places, const connection::Access& access) {
    if (!access.fetching) {
        return {};
    }
    const auto form = [](const std::string& name, const std::string& value) {
        return config_line("data-urlencode", name + "=" + value);
    };
    return "BQCONN_ACCESS_TOKEN=$(curl --config - <<END_OF_REQUEST | jq -re .access_token\n"
           "fail-with-body\nsilent\nshow-error\n" +
           config_line("url", access.fetching->ims_url + "/ims/token/v3") +
           form("client_id",
                access.api_key.empty() ? places.put("${BQCONN_API_KEY:?}") : access.api_key) +
           form("client_secret", places.put("${BQCONN_API_SECRET:?}")) +
           form("grant_type", "client_credentials") + form("scope", access.fetching->scopes) +
           "END_OF_REQUEST\n) && ";
}

}  // namespace

json::OrderedJson request_json(const connection::Access& access, const flow::Call& call,
                               const json::Json& body) {
    const http::Request request = flow::make_request(access, call);
    json::OrderedJson headers = json::OrderedJson::object();
    for (const auto& header : request.headers) {
        headers[header.name] = json::text_or_null(header.value);
    }
    headers["Authorization"] = redacted_text;
    return {{"method", http::name_of(request.method)},
            {"url", request.url},
            {"headers", headers},
            {"body", body}};
}

std::string requests_json(const connection::Access& access, const std::vector<flow::Call>& calls) {
    auto list = json::OrderedJson::array();
    for (const auto& call : calls) {
        list.push_back(request_json(access, call, json::parse_or_null(call.body.reveal())));
    }
    return json::to_lines(list) + "\n";
}

std::string redact_parameter(std::string_view, const Secret&) {
    return std::string(redacted_text);
}

std::string curl_command(const connection::Access& access,
                         const connection::BaseConnection& connection) {
    Placeholders places;
    const http::Request request = flow::make_request(access, flow::create_call(connection));
    std::string needed;
    const auto write = [&](std::string_view parameter, const Secret&) {
        if (config::setting_of(parameter) == Setting::key_file) {
            needed = ": \"${BQCONN_KEY_FILE:?}\" && ";
        }
        return places.put(expression_of(parameter));
    };
    const std::string body = flow::to_json(connection, write).dump(-1, ' ', true);
    std::string headers =
        config_line("header", "Authorization: Bearer " + places.put("${BQCONN_ACCESS_TOKEN:?}"));
    for (const auto& header : request.headers) {
        headers += header_line(places, header);
    }
    const std::string text =
        needed + token_command(places, access) + "curl --config - <<END_OF_REQUEST\n" +
        "fail-with-body\nsilent\nshow-error\nrequest = POST\n" + config_line("url", request.url) +
        headers + config_line("data-binary", body) + "END_OF_REQUEST\n";
    return places.fill(text);
}

void warn_not_shown(Context& context, const Task& task, std::initializer_list<Flag> flags) {
    for (const Flag flag : flags) {
        if (task.has(flag)) {
            context.console.warning(std::string(flag == Flag::check ? "--check" : "--test") +
                                    " is not part of the request shown");
        }
    }
}

}  // namespace bqconn::commands
