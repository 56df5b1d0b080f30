// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/ctl.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>

#include "mocks/ctl_arguments.h"
#include "mocks/ctl_http.h"
#include "mocks/duration.h"

namespace failback::mock {

namespace {

constexpr int failureExit = 1;

class Ctl {
 public:
  Ctl()
      : app_(
            "Tells a running mock-vcenter what is to go wrong, and asks it what it was asked. Answers are "
            "JSON on standard output.\n"
            "docs/mock-orders.md describes it all.") {
    app_.name("mock-vcenter ctl");
    app_.require_subcommand(1);
    app_.fallthrough();
    app_.add_option("--url-file", urlFile_, "The file that the server wrote its URL to")
        ->envname("MOCK_VCENTER_URL_FILE");
    app_.add_option(
        "--url", url_,
        "The server's URL itself, with user and password (others can see it in the process list)");
    app_.add_option("--unix-socket", unixSocket_, "Connect to this Unix socket instead of the URL's address");
    describeOrders();
    describeServer();
    describeTasks();
    describeCalls();
    describeShortcuts();
    describeSite();
  }

  int run(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
      return outcome_;
    } catch (const CLI::ParseError& problem) {
      return app_.exit(problem) == 0 ? 0 : usageExit;
    } catch (const std::exception& problem) {
      fmt::print(stderr, "mock-vcenter ctl: {}\n", problem.what());
      return failureExit;
    }
  }

 private:
  static CLI::App* group(CLI::App& parent, const std::string& name, const std::string& text) {
    CLI::App* command = parent.add_subcommand(name, text);
    command->fallthrough();
    return command;
  }

  CLI::App* command(CLI::App& parent, const std::string& name, const std::string& text,
                    std::function<void()> action) {
    CLI::App* made = group(parent, name, text);
    made->callback(std::move(action));
    return made;
  }

  Json ask(const std::string& method, const std::string& path, const std::string& body = {},
           std::chrono::seconds limit = std::chrono::seconds(30)) {
    return server().ask(method, path, body, limit);
  }

  CtlServer server() const {
    std::string url = url_;
    if (url.empty() && urlFile_.empty()) throw CLI::RequiredError("--url-file FILE or --url URL");
    if (url.empty()) {
      std::ifstream in(urlFile_);
      if (!std::getline(in, url))
        throw CtlError(fmt::format("there is no URL in {}: is the server running?", urlFile_));
    }
    return {url, unixSocket_};
  }

  static void print(const Json& json) {
    fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace));
  }

  void describeOrders() {
    CLI::App* faults = group(app_, "faults", "Orders of what is to go wrong");
    faults->require_subcommand(1);
    command(*faults, "list", "All orders, and how often each matched and acted",
            [this] { print(ask("GET", "faults")); });
    CLI::App* add =
        command(*faults, "add", "Adds orders", [this] { print(ask("POST", "faults", order_.text())); });
    order_.describe(*add);
    CLI::App* clear = command(*faults, "clear", "Removes the orders of these ids, or all", [this] {
      Json removed = Json::array();
      for (const std::string& id : names_) {
        ask("DELETE", "faults/" + escaped(id));
        removed.push_back(id);
      }
      print(names_.empty() ? ask("DELETE", "faults") : Json{{"removed", removed}});
    });
    clear->add_option("ID", names_, "Such as order-1");
  }

  void describeServer() {
    CLI::App* calls =
        command(app_, "calls", "How often which method was called, since the start or the last reset",
                [this] { print(ask(reset_ ? "DELETE" : "GET", "calls")); });
    calls->add_flag("--reset", reset_, "Start counting anew, after this answer");
    CLI::App* sessions = command(app_, "sessions", "The sessions that there are", [this] {
      if (!killing_) print(ask("GET", "sessions"));
    });
    CLI::App* kill = command(
        *sessions, "kill", "Ends the sessions of a user, or all, with their views and filters", [this] {
          killing_ = true;
          print(ask("DELETE", name_.empty() ? "sessions" : "sessions?user=" + escaped(name_)));
        });
    kill->add_option("USER", name_, "* and ? stand for anything");
    CLI::App* restart = command(
        app_, "restart", "As if the server had been restarted: sessions, views and tasks are gone", [this] {
          print(ask("POST", "restart", Json{{"down", duration_}}.dump()));
        });
    restart->add_option("--down", duration_ = "0s", "Answer HTTP 503 for so long")->capture_default_str();
    command(app_, "save", "Writes the server's state to the file of its --state option",
            [this] { print(ask("POST", "state")); });
    CLI::App* clock =
        command(app_, "clock", "What time the server thinks it is; how wrong it is to be", [this] {
          if (name_.empty()) {
            print(ask("GET", "clock"));
          } else if (name_ == "reset") {
            print(ask("DELETE", "clock"));
          } else {
            print(ask("POST", "clock", Json{{"by", name_}}.dump()));
          }
        });
    clock->add_option("BY", name_, "Such as +5m or -30s, from what it is now; or reset");
  }

  void describeTasks() {
    CLI::App* tasks = command(app_, "tasks", "The tasks that there are", [this] {
      if (!changing_) print(ask("GET", "tasks"));
    });
    const auto change = [this](const char* what) {
      changing_ = true;
      Json body{{"do", what}};
      if (!fault_.empty()) body["fault"] = faultOf(fault_, message_, pairs_);
      print(ask("POST", "tasks/" + escaped(name_), body.dump()));
    };
    CLI::App* finish =
        command(*tasks, "finish", "Ends a task that runs or hangs, well", [change] { change("finish"); });
    finish->add_option("ID", name_, "Such as task-1")->required();
    CLI::App* fail = command(*tasks, "fail", "Ends it with a fault", [change] { change("fail"); });
    fail->add_option("ID", name_, "Such as task-1")->required();
    fail->add_option("FAULT", fault_, "The fault's type")->required();
    fail->add_option("MEMBER", pairs_, "Its members, as KEY=VALUE");
    fail->add_option("--message", message_, "Its text");
    CLI::App* vanish = command(*tasks, "vanish", "Takes the Task object away, and the work with it",
                               [change] { change("vanish"); });
    vanish->add_option("ID", name_, "Such as task-1")->required();
  }

  // Makes a call, prints its result or fault, and waits for its task.
  void call(const std::string& method, const std::string& object, const Json& arguments) {
    Json body{{"method", method}, {"arguments", arguments}, {"wait", wait_}};
    if (!object.empty()) body["object"] = object;
    const auto wait = durationIn(wait_);
    if (!wait)
      throw CLI::ValidationError("--wait", fmt::format("'{}' is no duration; write one such as 30s", wait_));
    const Json answer =
        ask("POST", "call", body.dump(),
            std::chrono::duration_cast<std::chrono::seconds>(*wait) + std::chrono::seconds(30));
    print(answer);
    if (!answer.contains("result")) outcome_ = failureExit;
  }

  void describeCalls() {
    CLI::App* made = command(app_, "call", "Calls any method of the API as an administrator", [this] {
      const Json arguments =
          arguments_.empty() ? methodArguments(method_, pairs_) : Json::parse(arguments_, nullptr, false);
      if (arguments.is_discarded()) throw CLI::ValidationError("--arguments", "this is no JSON");
      call(method_, name_, arguments);
    });
    made->add_option("METHOD", method_, "Such as PowerOnVM_Task")->required();
    made->add_option("OBJECT", name_,
                     "Name, inventory path, id or Type:id; - for the manager that has the method")
        ->required();
    made->add_option("ARGUMENT", pairs_, "KEY=VALUE; a path such as spec.numCPUs=4 goes into objects");
    made->add_option("--arguments", arguments_, "All arguments as one JSON object");
    addWait(*made);
    made->preparse_callback([this](std::size_t) { name_.clear(); });
    made->parse_complete_callback([this] {
      if (name_ == "-") name_.clear();
    });
  }

  void addWait(CLI::App& made) {
    made.add_option("--wait", wait_, "How long to wait for a task's end")->capture_default_str();
  }

  CLI::App* shortcut(const std::string& name, const std::string& text, const std::string& object,
                     std::function<void()> action) {
    CLI::App* made = command(app_, name, text, std::move(action));
    made->add_option(object, name_, "Name, inventory path or id")->required();
    addWait(*made);
    return made;
  }

  void describeShortcuts() {
    shortcut("power-on", "Powers a VM on", "VM", [this] { call("PowerOnVM_Task", name_, Json::object()); });
    shortcut("power-off", "Powers a VM off", "VM",
             [this] { call("PowerOffVM_Task", name_, Json::object()); });
    shortcut("rename", "Renames any object", "OBJECT",
             [this] {
               call("Rename_Task", name_, {{"newName", second_}});
             })
        ->add_option("NAME", second_)
        ->required();
    shortcut("snapshot", "Takes a snapshot of a VM", "VM",
             [this] {
               call("CreateSnapshot_Task", name_, {{"name", second_}, {"memory", false}, {"quiesce", false}});
             })
        ->add_option("NAME", second_)
        ->required();
    shortcut("move", "Moves a VM to another datastore", "VM",
             [this] {
               call("RelocateVM_Task", name_, {{"spec", {{"datastore", second_}}}});
             })
        ->add_option("DATASTORE", second_)
        ->required();
    shortcut("delete-file", "Deletes a file of a datastore", "DATACENTER",
             [this] {
               call("DeleteDatastoreFile_Task", {}, {{"name", second_}, {"datacenter", name_}});
             })
        ->add_option("FILE", second_, "Such as '[vmfs-01] web-01/web-01.vmdk'")
        ->required();
    shortcut("answer", "Answers the question that a VM waits with", "VM", [this] { answerQuestion(); })
        ->add_option("CHOICE", second_, "The choice's key or label")
        ->required();
    shortcut("set", "Sets extraConfig of a VM", "VM",
             [this] {
               Json options = Json::array();
               for (const std::string& pair : pairs_) {
                 const auto equals = pair.find('=');
                 if (equals == std::string::npos)
                   throw CLI::ValidationError("'" + pair + "' is not KEY=VALUE");
                 options.push_back({{"key", pair.substr(0, equals)}, {"value", pair.substr(equals + 1)}});
               }
               call("ReconfigVM_Task", name_, {{"spec", {{"extraConfig", options}}}});
             })
        ->add_option("PAIR", pairs_, "KEY=VALUE; an empty value removes the key")
        ->required();
  }

  // What happens by itself at a site.
  void describeSite() {
    command(app_, "drs", "DRS or Storage DRS moves each machine that it may move",
            [this] {
              print(ask("POST", "drs", Json{{"object", name_}}.dump()));
            })
        ->add_option("CLUSTER", name_, "A cluster or a datastore cluster")
        ->required();
    CLI::App* write = command(app_, "write", "A VM's guest writes to one of its disks", [this] {
      print(ask("POST", "write", Json{{"vm", name_}, {"disk", disk_}, {"bytes", bytes_}}.dump()));
    });
    write->add_option("VM", name_, "Name, inventory path or id")->required();
    write->add_option("DISK", disk_, "The disk's device key, such as 2000")->required();
    write->add_option("--bytes", bytes_, "How much: what a thin disk or a delta grows by")
        ->capture_default_str();
    CLI::App* replicate =
        command(app_, "replicate",
                "The agent in a master target writes to all disks of other machines that it holds", [this] {
                  print(ask("POST", "replicate", Json{{"vm", name_}, {"bytes", bytes_}}.dump()));
                });
    replicate->add_option("VM", name_, "Name, inventory path or id")->required();
    replicate->add_option("--bytes", bytes_, "How much, to each of them")->capture_default_str();
    command(app_, "guest", "A running VM's disks as its guest sees them, with their serial numbers",
            [this] { print(ask("GET", "guest/" + escaped(name_))); })
        ->add_option("VM", name_, "Name, inventory path or id")
        ->required();
  }

  // Key or label of the choice, as people see them.
  void answerQuestion() {
    const Json fetch{{"method", "Fetch"}, {"object", name_}, {"arguments", {{"prop", "runtime.question"}}}};
    const Json question = ask("POST", "call", fetch.dump()).value("result", Json());
    if (!question.is_object()) throw CtlError(fmt::format("'{}' waits with no question", name_));
    std::vector<std::string> labels;
    for (const Json& choice : question.at("choice").at("choiceInfo")) {
      const std::string key = choice.value("key", ""), label = choice.value("label", "");
      if (second_ == key || second_ == label) {
        call("AnswerVM", name_, {{"questionId", question.at("id")}, {"answerChoice", key}});
        return;
      }
      labels.push_back(fmt::format("{} ({})", key, label));
    }
    throw CtlError(fmt::format("'{}' is no answer to \"{}\"; there are {}", second_,
                               question.value("text", ""), fmt::join(labels, ", ")));
  }

  CLI::App app_;
  std::string urlFile_, url_, unixSocket_;
  OrderOptions order_;
  std::string name_, second_, method_, arguments_, fault_, message_, duration_, wait_ = "60s";
  std::vector<std::string> names_, pairs_;
  std::uint64_t disk_ = 0, bytes_ = 4096;
  bool reset_ = false, killing_ = false, changing_ = false;
  int outcome_ = 0;
};

}  // namespace

int runCtl(int argc, char** argv) {
  return Ctl().run(argc, argv);
}

}  // namespace failback::mock
