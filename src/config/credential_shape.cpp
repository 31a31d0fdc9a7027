#include "config/credential_shape.hpp"

#include <algorithm>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"

namespace bqconn::config {

using json::Json;

Error credentials_error(std::string_view file, const std::string& problem,
                        const std::string& hint) {
    return {ExitCode::config, "config.credentials", inert_line(file) + ": " + problem, hint};
}

bool is_placeholder(std::string_view value) {
    const auto text = trim_ascii(value);
    const auto has = [text](std::string_view open, std::string_view close) {
        const auto at = text.find(open);
        return at != std::string_view::npos && text.find(close, at) != std::string_view::npos;
    };
    return text.empty() || has("<", ">") || has("{{", "}}") ||
           (text.starts_with('{') && text.ends_with('}'));
}

Fields::Fields(const Json& object, std::string_view file, std::string path)
    : object_(object), file_(file), path_(std::move(path)) {
    if (!object_.is_object()) {
        throw credentials_error(file_, path_ + ": must be an object", "");
    }
}

const Json* Fields::find(std::string_view key) const {
    const auto found = object_.find(std::string(key));
    return found == object_.end() || found->is_null() ? nullptr : &*found;
}

const Json& Fields::list(std::string_view key) const {
    const Json& value = need(key);
    if (!value.is_array()) {
        refuse(key, "must be a list");
    }
    return value;
}

std::vector<Fields> Fields::objects(std::string_view key) const {
    std::vector<Fields> all;
    for (const auto& item : list(key)) {
        all.emplace_back(item, file_, path_of(key) + "[" + std::to_string(all.size()) + "]");
    }
    return all;
}

std::vector<std::string> Fields::keys() const {
    std::vector<std::string> names;
    names.reserve(object_.size());
    for (const auto& [name, value] : object_.items()) {
        names.push_back(name);
    }
    return names;
}

std::string Fields::optional(std::string_view key) const {
    const Json* value = find(key);
    return value == nullptr ? std::string() : string_of(key, *value, "must be a string");
}

std::string Fields::required(std::string_view key) const {
    std::string value = optional(key);
    if (value.empty()) {
        refuse(key, has(key) ? "is empty or a placeholder" : "is missing", as_downloaded);
    }
    return value;
}

std::string Fields::optional_list(std::string_view key) const {
    std::vector<std::string> parts;
    if (const Json value = list_or_null(key); value.is_array()) {
        parts.reserve(value.size());
        for (const auto& part : value) {
            parts.emplace_back(trim_ascii(string_of(key, part, "must be a list of strings")));
        }
    } else {
        std::string text = optional(key);
        std::replace(text.begin(), text.end(), ' ', ',');
        parts = split(text, ',');
    }
    std::erase(parts, "");
    return join(parts, ",");
}

std::string Fields::optional_first(std::string_view key) const {
    const Json value = list_or_null(key);
    if (!value.is_array()) {
        return optional(key);
    }
    return value.empty() ? std::string()
                         : string_of(key, value.front(), "must be a list of strings");
}

void Fields::refuse(std::string_view key, const std::string& problem,
                    const std::string& hint) const {
    throw credentials_error(file_, path_of(key) + ": " + problem, hint);
}

std::string Fields::path_of(std::string_view key) const {
    return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

Json Fields::list_or_null(std::string_view key) const {
    const Json* value = find(key);
    if (value == nullptr || value->is_array()) {
        return value == nullptr ? Json() : *value;
    }
    const bool quoted = value->is_string() && value->get_ref<const std::string&>().starts_with('[');
    return quoted ? json::parse_or_null(value->get_ref<const std::string&>()) : Json();
}

const Json& Fields::need(std::string_view key) const {
    const Json* value = find(key);
    if (value == nullptr) {
        refuse(key, "is missing");
    }
    return *value;
}

std::string Fields::string_of(std::string_view key, const Json& value, const char* problem) const {
    if (!value.is_string()) {
        refuse(key, problem);
    }
    const auto& text = value.get_ref<const std::string&>();
    return is_placeholder(text) ? std::string() : text;
}

}  // namespace bqconn::config
