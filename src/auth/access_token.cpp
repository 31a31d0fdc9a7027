#include "bqconn/auth/access_token.hpp"

#include "bqconn/connection/checks.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/http/answer.hpp"
#include "bqconn/http/url.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::auth {
namespace {

using http::Response;

Error refusal(const Response& response) {
    json::Json document;
    try {
        document = json::parse(response.body);
    } catch (const json::ParseError&) {
        document = nullptr;
    }
    const std::string code = http::service_words(json::string_at(document, "error"));
    std::string words = http::service_words(json::string_at(document, "error_description", code));
    if (words.empty()) {
        words = "the response is " + http::summary_of_body(response);
    }
    ExitCode exit_code = http::exit_code_of_status(response.status);
    std::string error_code = http::error_code_of_status(response.status);
    std::string hint;
    // OAuth 2.0 answers a wrong client with 400 or 401.
    if (exit_code == ExitCode::rejected || exit_code == ExitCode::auth) {
        exit_code = ExitCode::auth;
        error_code = "auth.client_refused";
        hint = code == "invalid_scope" ? "omit --scopes, or give the scopes that the "
                                         "Developer Console shows for the credential"
                                       : "check --api-key (BQCONN_API_KEY) and --api-secret "
                                         "(BQCONN_API_SECRET) against the OAuth "
                                         "Server-to-Server credential in Adobe Developer Console";
    } else if (exit_code == ExitCode::unavailable) {
        hint = "nothing was changed: run it again later";
    } else {
        hint =
            "check --ims-url (BQCONN_IMS_URL): the response is not from Adobe's identity service";
    }
    Error error(exit_code, error_code,
                "Adobe's identity service did not issue an access token: " + words + " (" +
                    (code.empty() ? "" : code + ", ") + "HTTP " + std::to_string(response.status) +
                    ")",
                hint);
    error.set_answer(response.status, http::request_id_of(response));
    return error;
}

Error unreadable(const Response& response, const std::string& what) {
    Error error(ExitCode::bad_response, "bad_response.token",
                "Adobe's identity service answered HTTP " + std::to_string(response.status) +
                    ", but " + what,
                "nothing was changed: check --ims-url (BQCONN_IMS_URL), then run it again");
    error.set_answer(response.status, http::request_id_of(response));
    return error;
}

AccessToken read_token(const Response& response) {
    json::Json document;
    try {
        document = json::parse(response.body);
    } catch (const json::ParseError&) {
        throw unreadable(response, "with " + http::summary_of_body(response));
    }
    const Secret token(json::string_at(document, "access_token"));
    if (connection::check_header_value(token.reveal())) {
        throw unreadable(response, "the access_token is missing or invalid");
    }
    AccessToken result{token, std::chrono::seconds(0)};
    if (const auto expires = document.find("expires_in");
        expires != document.end() && expires->is_number()) {
        const auto seconds = expires->get<double>();
        constexpr double longest = 366.0 * 24 * 3600;
        result.lifetime =
            std::chrono::seconds(seconds > 0 && seconds < longest ? static_cast<long>(seconds) : 0);
    }
    return result;
}

}  // namespace

http::Request token_request(const connection::ClientCredentials& credentials,
                            const std::string& api_key) {
    http::Request request;
    request.method = http::Method::post;
    request.retry = http::Retry::read;  // an extra token is harmless
    request.url = credentials.ims_url + "/ims/token/v3";
    request.headers.push_back({"Content-Type", Secret("application/x-www-form-urlencoded")});
    request.headers.push_back({"Accept", Secret("application/json")});
    request.body = Secret(http::encode_pairs({{"client_id", api_key},
                                              {"client_secret", credentials.api_secret.reveal()},
                                              {"grant_type", "client_credentials"},
                                              {"scope", credentials.scopes}}));
    return request;
}

AccessToken fetch_access_token(http::Transport& transport,
                               const connection::ClientCredentials& credentials,
                               const std::string& api_key) {
    const Response response = transport.send(token_request(credentials, api_key));
    if (response.status != 200) {
        throw refusal(response);
    }
    return read_token(response);
}

}  // namespace bqconn::auth
