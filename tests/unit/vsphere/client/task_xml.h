// SPDX-License-Identifier: GPL-2.0-or-later
// Updates of tasks, as a server tells them.
#pragma once

#include <string>

#include "tests/unit/vsphere/client/fake_xml.h"

namespace failback::vsphere::test {

inline const Moref kOne{"Task", "task-1", {}};
inline const Moref kTwo{"Task", "task-2", {}};

inline std::string info(const Moref& task, const std::string& state, const std::string& more = {}) {
  return "<changeSet><name>info</name><op>assign</op><val xsi:type=\"TaskInfo\"><key>" + task.value +
         "</key>" + reference("task", task) +
         "<name>ReconfigVM_Task</name><descriptionId>VirtualMachine.reconfigure</descriptionId>"
         "<entity type=\"VirtualMachine\">vm-7</entity><entityName>web-01</entityName><state>" +
         state + "</state><cancelled>false</cancelled><cancelable>true</cancelable>" + more +
         "<reason xsi:type=\"TaskReasonUser\"><userName>operator</userName></reason><queueTime>"
         "2023-12-14T07:29:53.566909Z</queueTime><eventChainId>1</eventChainId></val></changeSet>";
}

inline std::string object(const std::string& kind, const Moref& task, const std::string& content) {
  return "<objectSet><kind>" + kind + "</kind>" + reference("obj", task) + content + "</objectSet>";
}

inline std::string update(const std::string& content) {
  return "<filterSet><filter type=\"PropertyFilter\">filter-1</filter>" + content + "</filterSet>";
}

inline std::string question(const std::string& id, const std::string& text) {
  return "<changeSet><name>runtime.question</name><op>assign</op><val "
         "xsi:type=\"VirtualMachineQuestionInfo\">"
         "<id>" +
         id + "</id><text>" + text +
         "</text><choice><choiceInfo xsi:type=\"ElementDescription\"><label>button.retry</label>"
         "<summary>Retry</summary><key>0</key></choiceInfo><choiceInfo xsi:type=\"ElementDescription\">"
         "<label>button.cancel</label><summary>Cancel</summary><key>1</key></choiceInfo>"
         "<defaultIndex>1</defaultIndex></choice><message><id>msg.hbacommon.outofspace</id><text>" +
         text + "</text></message></val></changeSet>";
}

inline std::string noQuestion() {
  return "<changeSet><name>runtime.question</name><op>assign</op></changeSet>";
}

}  // namespace failback::vsphere::test
