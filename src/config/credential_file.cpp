#include "bqconn/config/credential_file.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"
#include "config/credential_file_shapes.hpp"

namespace bqconn::config {
namespace credentials {

using json::Json;

Error credentials_error(std::string_view file, const std::string& problem,
                        const std::string& hint) {
    return {ExitCode::config, "config.credentials", inert_line(file) + ": " + problem, hint};
}

bool is_placeholder(std::string_view value) {
    const auto text = trim_ascii(value);
    if (text.size() < 2) {
        return text.empty();
    }
    const bool braces = text.front() == '{' && text.back() == '}';
    return (text.front() == '<' && text.back() == '>') || braces;
}

Fields::Fields(const Json& object, std::string_view file, std::string path)
    : object_(object), file_(file), path_(std::move(path)) {
    if (!object_.is_object()) {
        throw credentials_error(file_, path_ + ": must be an object", "");
    }
}

bool Fields::has(std::string_view key) const {
    return find(key) != nullptr;
}

const Json* Fields::find(std::string_view key) const {
    const auto found = object_.find(std::string(key));
    return found == object_.end() || found->is_null() ? nullptr : &*found;
}

Fields Fields::object(std::string_view key) const {
    const Json* value = find(key);
    if (value == nullptr) {
        refuse(key, "is missing");
    }
    return {*value, file_, path_of(key)};
}

std::string Fields::required(std::string_view key) const {
    std::string value = optional(key);
    if (value.empty()) {
        refuse(key, has(key) ? "is empty or a placeholder" : "is missing",
               "use the file exactly as downloaded");
    }
    return value;
}

std::string Fields::optional(std::string_view key) const {
    const Json* value = find(key);
    if (value == nullptr) {
        return {};
    }
    if (!value->is_string()) {
        refuse(key, "must be a string");
    }
    const auto& text = value->get_ref<const std::string&>();
    return is_placeholder(text) ? std::string{} : text;
}

std::string Fields::optional_list(std::string_view key) const {
    const Json* value = find(key);
    if (value == nullptr || !value->is_array()) {
        std::string text = optional(key);
        std::replace(text.begin(), text.end(), ' ', ',');
        std::vector<std::string> parts = split(text, ',');
        std::erase(parts, "");
        return join(parts, ",");
    }
    std::vector<std::string> parts;
    for (const auto& part : *value) {
        if (!part.is_string()) {
            refuse(key, "must be a list of strings");
        }
        const auto& text = part.get_ref<const std::string&>();
        if (!is_placeholder(text)) {
            parts.emplace_back(trim_ascii(text));
        }
    }
    return join(parts, ",");
}

std::string Fields::path_of(std::string_view key) const {
    return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

void Fields::refuse(std::string_view key, const std::string& problem,
                    const std::string& hint) const {
    throw credentials_error(file_, path_of(key) + ": " + problem, hint);
}

}  // namespace credentials

namespace {

using credentials::credentials_error;
using credentials::Fields;
using json::Json;

constexpr const char* known_shapes =
    "supported files: Google service-account key, authorized_user file and OAuth client; Adobe "
    "Developer Console download, aepp config and Postman environment";

enum class Shape { service_account, authorized_user, oauth_client, console, aepp, postman };

std::optional<Shape> shape_of(const Json& document) {
    const std::string type = json::string_at(document, "type");
    if (type == "service_account") {
        return Shape::service_account;
    }
    if (type == "authorized_user") {
        return Shape::authorized_user;
    }
    if (!document.is_object()) {
        return std::nullopt;
    }
    if (document.contains("installed") || document.contains("web")) {
        return Shape::oauth_client;
    }
    if (document.contains("project") && document.at("project").is_object()) {
        return Shape::console;
    }
    if (document.contains("values")) {
        return Shape::postman;
    }
    const bool client = document.contains("client_id") || document.contains("api_key");
    if (document.contains("org_id") || (client && document.contains("secret"))) {
        return Shape::aepp;
    }
    return std::nullopt;
}

std::string describe(Shape shape) {
    switch (shape) {
        case Shape::service_account:
            return "a Google service-account key";
        case Shape::authorized_user:
            return "a Google authorized_user file";
        case Shape::oauth_client:
            return "a Google OAuth client";
        case Shape::console:
            return "an Adobe Developer Console download";
        case Shape::aepp:
            return "an aepp config";
        case Shape::postman:
            return "a Postman environment";
    }
    return "a credential file";
}

std::string_view without_bom(std::string_view text) {
    constexpr std::string_view mark = "\xef\xbb\xbf";
    return text.starts_with(mark) ? text.substr(mark.size()) : text;
}

Json parse_document(std::string_view text, std::string_view file) {
    try {
        return json::parse(text, json::DuplicateKeys::refused);
    } catch (const json::ParseError& error) {
        const auto instead = credentials::what_text_is(text);
        if (!instead.what.empty()) {
            throw credentials_error(file, "is not a credential file but " + instead.what,
                                    instead.hint);
        }
        std::string place(file);
        if (error.line() > 0) {
            place += ":" + std::to_string(error.line()) + ":" + std::to_string(error.column());
        }
        throw credentials_error(place, error.what(), "use the file exactly as downloaded");
    }
}

// Throws an Error that says what the document is if its shape is unknown.
Shape require_shape(const Json& document, std::string_view file) {
    if (const auto shape = shape_of(document)) {
        return *shape;
    }
    const auto instead = credentials::what_json_is(document);
    if (!instead.what.empty()) {
        throw credentials_error(file, "is " + instead.what, instead.hint);
    }
    throw credentials_error(file, "is JSON, but not a supported credential file", known_shapes);
}

}  // namespace

std::string describe(const CredentialFile& file) {
    if (const auto* adobe = std::get_if<AdobeCredentials>(&file)) {
        return (adobe->kind.starts_with('P') ? "a " : "an ") + adobe->kind;
    }
    if (std::holds_alternative<ServiceAccountKey>(file)) {
        return describe(Shape::service_account);
    }
    return describe(std::holds_alternative<AuthorizedUser>(file) ? Shape::authorized_user
                                                                 : Shape::oauth_client);
}

CredentialFile recognise_credentials(std::string_view text, std::string_view file) {
    text = without_bom(text);
    const Json document = parse_document(text, file);
    const Shape shape = require_shape(document, file);
    const Fields fields(document, file);
    switch (shape) {
        case Shape::service_account:
            return credentials::read_service_account(fields, text);
        case Shape::authorized_user:
            return credentials::read_authorized_user(fields);
        case Shape::oauth_client:
            return credentials::read_oauth_client(fields);
        case Shape::console:
            return credentials::read_developer_console(fields);
        case Shape::aepp:
            return credentials::read_aepp(fields);
        case Shape::postman:
            break;
    }
    return credentials::read_postman(fields);
}

ServiceAccountKey parse_service_account_key(std::string_view text, std::string_view file) {
    text = without_bom(text);
    const Json document = parse_document(text, file);
    const Shape shape = require_shape(document, file);
    if (shape != Shape::service_account) {
        throw credentials_error(file, "is " + describe(shape) + ", not a service-account key",
                                "pass it with --credentials instead of --key-file");
    }
    return credentials::read_service_account(Fields(document, file), text);
}

}  // namespace bqconn::config
